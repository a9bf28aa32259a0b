"""Addresses of duty."""

from django.urls import path

from mainstay.continuity.alarms import views

app_name = "alarms"
urlpatterns = [
    path("", views.DutyList.as_view(), name="duty_list"),
    path("new/", views.DutyCreate.as_view(), name="duty_create"),
    path("<int:pk>/end/", views.DutyEnd.as_view(), name="duty_end"),
]
