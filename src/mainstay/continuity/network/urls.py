"""Addresses of the register of terminals."""

from django.urls import path

from mainstay.continuity.network import views

app_name = "network"
urlpatterns = [
    path("", views.TerminalList.as_view(), name="terminal_list"),
    path("new/", views.TerminalSave.as_view(), name="terminal_create"),
    path("<int:pk>/", views.TerminalDetail.as_view(), name="terminal_detail"),
    path("<int:pk>/change/", views.TerminalSave.as_view(), name="terminal_change"),
    path("<int:pk>/retire/", views.TerminalRetire.as_view(), name="terminal_retire"),
]
