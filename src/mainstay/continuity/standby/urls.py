"""Addresses of the mutual standby."""

from django.urls import path

from mainstay.continuity.standby import views

app_name = "standby"
urlpatterns = [
    path("", views.State.as_view(), name="state"),
    path("switch/", views.Switch.as_view(), name="switch"),
    path("switch-database/", views.SwitchDatabase.as_view(), name="switch_database"),
    path("rehearse/", views.Rehearse.as_view(), name="rehearse"),
    path("plan/", views.Plan.as_view(), name="plan"),
]
