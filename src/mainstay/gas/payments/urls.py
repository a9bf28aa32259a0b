"""Addresses of this app."""

from django.urls import path

from mainstay.gas.payments.views import cheques, counter, payments, receipts, sales, shifts, statements

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
    path("accounts/<int:account>/statement/", statements.Statement.as_view(), name="statement"),
    path("customers/<int:customer>/statement/", statements.CustomerStatement.as_view(), name="customer_statement"),
    path("shifts/", shifts.ShiftList.as_view(), name="shift_list"),
    path("shifts/waiting/", shifts.AcceptanceList.as_view(), name="shift_acceptance"),
    path("shifts/open/", shifts.ShiftOpen.as_view(), name="shift_open"),
    path("shifts/<int:pk>/", shifts.ShiftDetail.as_view(), name="shift_detail"),
    path("shifts/<int:pk>/close/", shifts.ShiftClose.as_view(), name="shift_close"),
    path("shifts/<int:pk>/accept/", shifts.ShiftAccept.as_view(), name="shift_accept"),
    path("shifts/<int:pk>/report/", shifts.ShiftReport.as_view(), name="shift_report"),
    path("<int:account>/<int:number>/form/", receipts.FormReceipt.as_view(), name="form_receipt"),
    path("<int:account>/<int:number>/form/again/", receipts.FormReprint.as_view(), name="form_reprint"),
    path("accounts/<int:account>/allow/", sales.SaleAllow.as_view(), name="sale_allow"),
    path("cheques/", cheques.ChequeList.as_view(), name="cheque_list"),
    path("cheques/<int:pk>/", cheques.ChequeDetail.as_view(), name="cheque_detail"),
    path("cheques/<int:pk>/clear/", cheques.ChequeClear.as_view(), name="cheque_clear"),
    path("cheques/<int:pk>/bounce/", cheques.ChequeBounce.as_view(), name="cheque_bounce"),
    path("books/", receipts.BookList.as_view(), name="book_list"),
    path("books/new/", receipts.BookIssue.as_view(), name="book_issue"),
    path("books/<int:pk>/", receipts.BookDetail.as_view(), name="book_detail"),
    path("books/<int:pk>/waste/", receipts.BookWaste.as_view(), name="book_waste"),
    path("books/<int:pk>/return/", receipts.BookReturn.as_view(), name="book_return"),
    path("forms/<int:pk>/void/", receipts.FormVoid.as_view(), name="form_void"),
    path("tills/<int:pk>/test/", receipts.TillTest.as_view(), name="till_test"),
    path("tills/", shifts.TillList.as_view(), name="till_list"),
    path("tills/new/", shifts.TillSave.as_view(), name="till_create"),
    path("tills/<int:pk>/", shifts.TillSave.as_view(), name="till_change"),
]
