"""Addresses of this app."""

from django.urls import path

from mainstay.gas.invoices.views import accounts, exchanges, invoices

app_name = "invoices"
urlpatterns = [
    path("", invoices.InvoiceList.as_view(), name="invoice_list"),
    path("<int:pk>/", invoices.InvoiceDetail.as_view(), name="invoice_detail"),
    path("<int:pk>/withdraw/", invoices.Withdraw.as_view(), name="withdraw"),
    path("<int:pk>/red/", invoices.Red.as_view(), name="red"),
    path("<int:pk>/deliver/", invoices.Deliver.as_view(), name="deliver"),
    path("<int:pk>/xml/", invoices.Xml.as_view(), name="xml"),
    path("xml/", invoices.XmlTake.as_view(), name="xml_take"),
    path("exchanges/", exchanges.ExchangeList.as_view(), name="exchange_list"),
    path("exchanges/new/", exchanges.ExchangeMake.as_view(), name="exchange_make"),
    path("exchanges/<int:pk>/", exchanges.ExchangeDetail.as_view(), name="exchange_detail"),
    path("exchanges/<int:pk>/file/", exchanges.ExchangeFile.as_view(), name="exchange_file"),
    path("accounts/<int:account>/", accounts.AccountInvoices.as_view(), name="account_tab"),
    path("accounts/<int:account>/ask/", accounts.InvoiceAsk.as_view(), name="invoice_ask"),
    path("accounts/<int:account>/title/", accounts.TitleSave.as_view(), name="title_save"),
]
