"""Addresses of the antivirus centre."""

from django.urls import path

from mainstay.continuity.antivirus import views

app_name = "antivirus"
urlpatterns = [
    path("", views.Centre.as_view(), name="centre"),
    path("take/", views.Take.as_view(), name="take"),
    path("carriers/new/", views.MediumCreate.as_view(), name="medium_create"),
    path("carriers/<int:pk>/retire/", views.MediumRetire.as_view(), name="medium_retire"),
]
