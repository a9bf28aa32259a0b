"""Addresses of customers."""

from django.urls import path

from mainstay.gas.customers.views import accounts, areas, changes, opening

app_name = "customers"
_ACCOUNT = "accounts/<int:pk>/"
urlpatterns = [
    path("accounts/", accounts.AccountList.as_view(), name="account_list"),
    path("accounts/open/", opening.AccountOpen.as_view(), name="account_open"),
    path(_ACCOUNT, accounts.AccountDetail.as_view(), name="account_detail"),
    path(_ACCOUNT + "reveal/<slug:fact>/", accounts.Reveal.as_view(), name="account_reveal"),
    path(_ACCOUNT + "change/", changes.AccountChange.as_view(), name="account_change"),
    path(_ACCOUNT + "customer/", changes.CustomerChange.as_view(), name="customer_change"),
    path(_ACCOUNT + "address/", changes.PremiseChange.as_view(), name="premise_change"),
    path(_ACCOUNT + "suspend/", changes.AccountSuspend.as_view(), name="account_suspend"),
    path(_ACCOUNT + "restore/", changes.AccountRestore.as_view(), name="account_restore"),
    path("areas/", areas.AreaList.as_view(), name="area_list"),
    path("areas/create/", areas.AreaCreate.as_view(), name="area_create"),
    path("areas/options/", areas.AreaOptions.as_view(), name="area_options"),
    path("areas/<int:pk>/change/", areas.AreaChange.as_view(), name="area_change"),
]
