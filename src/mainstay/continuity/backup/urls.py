"""Addresses of backups."""

from django.urls import path

from mainstay.continuity.backup import views

app_name = "backup"
urlpatterns = [
    path("", views.State.as_view(), name="state"),
    path("history/", views.History.as_view(), name="history"),
    path("now/", views.BackUp.as_view(), name="back_up"),
    path("drill/", views.Drill.as_view(), name="drill"),
]
