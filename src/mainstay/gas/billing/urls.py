"""Addresses of billing."""

from django.urls import path

from mainstay.gas.billing.views import bills, charges, rebillings, runs

app_name = "billing"
_BILL = "bills/<int:account_id>/<int:period>/<int:seq>/"
urlpatterns = [
    path("runs/", runs.RunList.as_view(), name="run_list"),
    path("runs/plan/", runs.RunPlan.as_view(), name="run_plan"),
    *runs.RunDetail.urls(),
    path("runs/<int:pk>/exceptions/", runs.ExceptionList.as_view(), name="exception_list"),
    path("runs/<int:pk>/books/", runs.ChunkList.as_view(), name="chunk_list"),
    path("rebillings/", rebillings.RebillingList.as_view(), name="rebilling_list"),
    path("rebillings/plan/", rebillings.RebillingPlan.as_view(), name="rebilling_plan"),
    *rebillings.RebillingDetail.urls("rebillings/"),
    path("rebillings/<int:pk>/accounts/", rebillings.RowList.as_view(), name="rebilling_rows"),
    path("bills/", bills.BillList.as_view(), name="bill_list"),
    path(_BILL, bills.BillDetail.as_view(), name="bill_detail"),
    path(_BILL + "pdf/", bills.BillPdf.as_view(), name="bill_pdf"),
    path(_BILL + "cancel/", bills.BillCancel.as_view(), name="bill_cancel"),
    path(_BILL + "rebill/", bills.BillRebill.as_view(), name="bill_rebill"),
    path(_BILL + "adjust/", charges.BillAdjust.as_view(), name="bill_adjust"),
    path(_BILL + "reduce/", charges.BillReduce.as_view(), name="bill_reduce"),
    path(_BILL + "write-off/", charges.BillWriteOff.as_view(), name="bill_write_off"),
    path(_BILL + "recover/", charges.BillRecover.as_view(), name="bill_recover"),
    path(_BILL + "waive/", charges.BillWaive.as_view(), name="bill_waive"),
    path("accounts/<int:pk>/bills/", bills.AccountBills.as_view(), name="account_bills"),
    path("accounts/<int:pk>/bill/", bills.AccountBill.as_view(), name="account_bill"),
]
