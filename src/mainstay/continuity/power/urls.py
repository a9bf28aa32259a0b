"""Addresses of the power supply."""

from django.urls import path

from mainstay.continuity.power import views

app_name = "power"
urlpatterns = [
    path("", views.State.as_view(), name="state"),
    path("tests/new/", views.DischargeCreate.as_view(), name="discharge_create"),
    path("tests/<int:pk>/", views.DischargeDetail.as_view(), name="discharge_detail"),
]
