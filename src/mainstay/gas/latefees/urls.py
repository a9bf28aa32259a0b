"""Addresses of late fees."""

from django.urls import path

from mainstay.gas.latefees import views

app_name = "latefees"
urlpatterns = [
    path("", views.RunList.as_view(), name="run_list"),
    path("count/", views.RunPropose.as_view(), name="run_propose"),
    path("<int:pk>/", views.RunDetail.as_view(), name="run_detail"),
    path("<int:pk>/post/", views.RunPost.as_view(), name="run_post"),
    path("<int:pk>/drop/", views.RunDrop.as_view(), name="run_drop"),
    path("terms/", views.RuleList.as_view(), name="rule_list"),
    path("terms/new/", views.RuleNew.as_view(), name="rule_new"),
    path("accounts/<int:pk>/", views.AccountTab.as_view(), name="account_tab"),
]
