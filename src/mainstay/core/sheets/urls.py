"""Addresses of imports."""

from __future__ import annotations

from django.urls import path

from mainstay.core.sheets import views

app_name = "sheets"
urlpatterns = [
    path("", views.ImportList.as_view(), name="import_list"),
    path("new/<str:kind>/", views.Upload.as_view(), name="import_upload"),
    path("template/<str:kind>/", views.Template.as_view(), name="import_template"),
    path("<int:pk>/", views.ImportDetail.as_view(), name="import_detail"),
    path("<int:pk>/errors/", views.ImportErrors.as_view(), name="import_errors"),
    path("<int:pk>/file/", views.ImportSource.as_view(), name="import_source"),
    path("<int:pk>/commit/", views.ImportCommit.as_view(), name="import_commit"),
    path("<int:pk>/discard/", views.ImportDiscard.as_view(), name="import_discard"),
]
