"""Addresses of plans and budgets."""

from django.urls import path

from mainstay.performance.plans.views import contracts

app_name = "plans"
urlpatterns = [
    path("contracts/", contracts.ContractList.as_view(), name="contract_list"),
    path("contracts/<int:pk>/", contracts.ContractDetail.as_view(), name="contract_detail"),
]
