"""Addresses of the site."""

from django.urls import path

from mainstay.continuity.site import views

app_name = "site"
urlpatterns = [path("", views.Declaration.as_view(), name="declaration")]
