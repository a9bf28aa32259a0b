"""Addresses of the first page and the search."""

from django.urls import path

from mainstay.core.home import views

app_name = "home"
urlpatterns = [
    path("", views.Workbench.as_view(), name="workbench"),
    path("search/", views.Search.as_view(), name="search"),
]
