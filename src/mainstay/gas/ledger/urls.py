"""Addresses of this app."""

from django.urls import path

from mainstay.gas.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.VoucherList.as_view(), name="voucher_list"),
    path("vouchers/make/", views.VoucherMake.as_view(), name="voucher_make"),
    path("vouchers/<int:pk>/", views.VoucherDetail.as_view(), name="voucher_detail"),
    path("vouchers/<int:pk>/export/", views.VoucherExport.as_view(), name="voucher_export"),
    path("trial-balance/", views.TrialBalance.as_view(), name="trial_balance"),
]
