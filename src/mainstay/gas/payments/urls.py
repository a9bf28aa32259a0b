"""Addresses of this app."""

from django.urls import path

from mainstay.gas.payments.views import counter, payments, shifts

app_name = "payments"
urlpatterns = [
    path("counter/", counter.Counter.as_view(), name="counter"),
    path("counter/find/", counter.Find.as_view(), name="counter_find"),
    path("counter/pay/", counter.Pay.as_view(), name="counter_pay"),
    path("", payments.PaymentList.as_view(), name="payment_list"),
    path("<int:account>/<int:number>/", payments.PaymentDetail.as_view(), name="payment_detail"),
    path("<int:account>/<int:number>/receipt/", payments.Receipt.as_view(), name="receipt"),
    path("<int:account>/<int:number>/reverse/", payments.PaymentReverse.as_view(), name="payment_reverse"),
    path("accounts/<int:account>/", payments.AccountPayments.as_view(), name="account_tab"),
    path("accounts/<int:account>/refund/", payments.AdvanceRefund.as_view(), name="advance_refund"),
    path("accounts/<int:account>/statement/", payments.Statement.as_view(), name="statement"),
    path("shifts/", shifts.ShiftList.as_view(), name="shift_list"),
    path("shifts/waiting/", shifts.AcceptanceList.as_view(), name="shift_acceptance"),
    path("shifts/open/", shifts.ShiftOpen.as_view(), name="shift_open"),
    path("shifts/<int:pk>/", shifts.ShiftDetail.as_view(), name="shift_detail"),
    path("shifts/<int:pk>/close/", shifts.ShiftClose.as_view(), name="shift_close"),
    path("shifts/<int:pk>/accept/", shifts.ShiftAccept.as_view(), name="shift_accept"),
    path("shifts/<int:pk>/report/", shifts.ShiftReport.as_view(), name="shift_report"),
    path("tills/", shifts.TillList.as_view(), name="till_list"),
    path("tills/new/", shifts.TillSave.as_view(), name="till_create"),
    path("tills/<int:pk>/", shifts.TillSave.as_view(), name="till_change"),
]
