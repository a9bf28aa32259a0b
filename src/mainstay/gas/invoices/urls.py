"""Addresses of this app."""

from django.urls import path

from mainstay.gas.invoices import views

app_name = "invoices"
urlpatterns = [
    path("", views.InvoiceList.as_view(), name="invoice_list"),
    path("<int:pk>/", views.InvoiceDetail.as_view(), name="invoice_detail"),
    path("<int:pk>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    path("<int:pk>/red/", views.Red.as_view(), name="red"),
    path("<int:pk>/deliver/", views.Deliver.as_view(), name="deliver"),
    path("<int:pk>/xml/", views.Xml.as_view(), name="xml"),
    path("xml/", views.XmlTake.as_view(), name="xml_take"),
    path("exchanges/", views.ExchangeList.as_view(), name="exchange_list"),
    path("exchanges/new/", views.ExchangeMake.as_view(), name="exchange_make"),
    path("exchanges/<int:pk>/", views.ExchangeFile.as_view(), name="exchange_file"),
    path("accounts/<int:account>/", views.AccountInvoices.as_view(), name="account_tab"),
    path("accounts/<int:account>/ask/", views.InvoiceAsk.as_view(), name="invoice_ask"),
    path("accounts/<int:account>/title/", views.TitleSave.as_view(), name="title_save"),
]
