"""Addresses of the life of accounts."""

from django.urls import path

from mainstay.gas.accounts.views import cases, deposits, steps

app_name = "accounts"
urlpatterns = [
    path("cases/", cases.CaseList.as_view(), name="case_list"),
    path("cases/<int:pk>/", cases.CaseDetail.as_view(), name="case_detail"),
    path("cases/<int:pk>/paper/", cases.CasePaper.as_view(), name="case_paper"),
    path("cases/<int:pk>/withdraw/", cases.CaseWithdraw.as_view(), name="case_withdraw"),
    path("cases/<int:pk>/close/", steps.ClosingFinish.as_view(), name="closing_finish"),
    path("cases/<int:pk>/transfer/", steps.TransferFinish.as_view(), name="transfer_finish"),
    path("cases/<int:pk>/open/", steps.ApplicationOpen.as_view(), name="application_open"),
    path("applications/new/", steps.ApplicationCreate.as_view(), name="application_create"),
    path("<int:pk>/cases/", cases.AccountCases.as_view(), name="account_cases"),
    path("<int:pk>/deposit/", deposits.Deposit.as_view(), name="deposit"),
    path("<int:pk>/close/", steps.ClosingBegin.as_view(), name="closing_begin"),
    path("<int:pk>/transfer/", steps.TransferBegin.as_view(), name="transfer_begin"),
]
