"""Addresses of the life of accounts."""

from django.urls import path

from mainstay.gas.accounts.views import cases, contracts, deposits, masters, reliefs, steps

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
    path("masters/", masters.DifferenceList.as_view(), name="difference_list"),
    path("masters/settle/", masters.MastersSettle.as_view(), name="masters_settle"),
    path("<int:pk>/master/", masters.DifferenceSet.as_view(), name="difference_set"),
    path("reliefs/", reliefs.ReliefList.as_view(), name="relief_list"),
    path("reliefs/<int:pk>/", reliefs.ReliefDetail.as_view(), name="relief_detail"),
    path("reliefs/<int:pk>/end/", reliefs.ReliefEnd.as_view(), name="relief_end"),
    path("reliefs/<int:pk>/proof/", reliefs.ReliefProof.as_view(), name="relief_proof"),
    path("reliefs/<int:pk>/paper/", reliefs.ReliefPaper.as_view(), name="relief_paper"),
    path("contracts/", contracts.ContractList.as_view(), name="contract_list"),
    path("contracts/<int:pk>/", contracts.ContractDetail.as_view(), name="contract_detail"),
    path("contracts/<int:pk>/end/", contracts.ContractEnd.as_view(), name="contract_end"),
    path("contracts/<int:pk>/paper/", contracts.ContractPaper.as_view(), name="contract_paper"),
    path("<int:pk>/relief/", reliefs.ReliefGrant.as_view(), name="relief_grant"),
    path("<int:pk>/contract/", contracts.ContractSign.as_view(), name="contract_sign"),
    path("<int:pk>/cases/", cases.AccountCases.as_view(), name="account_cases"),
    path("<int:pk>/deposit/", deposits.Deposit.as_view(), name="deposit"),
    path("<int:pk>/close/", steps.ClosingBegin.as_view(), name="closing_begin"),
    path("<int:pk>/transfer/", steps.TransferBegin.as_view(), name="transfer_begin"),
]
