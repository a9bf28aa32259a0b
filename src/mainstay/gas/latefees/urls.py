"""Addresses of late fees."""

from django.urls import path

from mainstay.gas.latefees import views

app_name = "latefees"
urlpatterns = [
    path("", views.RunList.as_view(), name="run_list"),
    path("count/", views.RunPropose.as_view(), name="run_propose"),
    *views.RunDetail.urls(""),
    path("terms/", views.RuleList.as_view(), name="rule_list"),
    path("terms/new/", views.RuleNew.as_view(), name="rule_new"),
    path("accounts/<int:pk>/", views.AccountTab.as_view(), name="account_tab"),
    path("accounts/<int:pk>/charge/", views.AccountCharge.as_view(), name="account_charge"),
]
