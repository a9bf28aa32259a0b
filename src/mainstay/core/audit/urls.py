"""Addresses of the audit log."""

from django.urls import path

from mainstay.core.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.EntryList.as_view(), name="entry_list"),
    path("<int:pk>/", views.EntryDetail.as_view(), name="entry_detail"),
    path("seals/", views.SealList.as_view(), name="seal_list"),
]
