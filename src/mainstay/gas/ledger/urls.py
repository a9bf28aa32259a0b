"""Addresses of this app."""

from django.urls import path

from mainstay.gas.ledger import month_views, views

app_name = "ledger"
urlpatterns = [
    path("", views.VoucherList.as_view(), name="voucher_list"),
    path("vouchers/make/", views.VoucherMake.as_view(), name="voucher_make"),
    path("vouchers/<int:pk>/", views.VoucherDetail.as_view(), name="voucher_detail"),
    path("vouchers/<int:pk>/paper/", views.VoucherPaper.as_view(), name="voucher_paper"),
    path("vouchers/<int:pk>/export/<slug:layout>/", views.VoucherExport.as_view(), name="voucher_export"),
    path("trial-balance/", views.TrialBalance.as_view(), name="trial_balance"),
    path("accounts/", month_views.Chart.as_view(), name="chart"),
    path("accounts/<int:code>/", month_views.LedgerSheet.as_view(), name="sheet"),
    path("accounts/<int:code>/change/", month_views.ChartSave.as_view(), name="chart_change"),
    path("accounts/<int:code>/<str:day>/", month_views.PostingList.as_view(), name="posting_list"),
    path("months/", month_views.MonthList.as_view(), name="month_list"),
    path("months/close/", month_views.MonthClose.as_view(), name="month_close"),
    path("months/<int:pk>/", month_views.MonthDetail.as_view(), name="month_detail"),
    path("months/<int:pk>/reopen/", month_views.MonthReopen.as_view(), name="month_reopen"),
    path("deposits/", month_views.Deposits.as_view(), name="deposits"),
]
