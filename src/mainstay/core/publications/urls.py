"""Addresses of publications."""

from django.urls import path

from mainstay.core.publications import views

app_name = "publications"
urlpatterns = [
    path("", views.PublicationList.as_view(), name="publication_list"),
    path("new/", views.Create.as_view(), name="publication_create"),
    path("<int:pk>/", views.PublicationDetail.as_view(), name="publication_detail"),
    path("<int:pk>/change/", views.Change.as_view(), name="publication_change"),
    path("<int:pk>/publish/", views.Publish.as_view(), name="publish"),
    path("<int:pk>/supersede/", views.Supersede.as_view(), name="supersede"),
    path("<int:pk>/remind/", views.Remind.as_view(), name="remind"),
    path("<int:pk>/acknowledge/", views.Acknowledge.as_view(), name="acknowledge"),
]
