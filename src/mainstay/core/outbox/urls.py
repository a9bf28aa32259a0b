"""Addresses of the outbox."""

from django.urls import path

from mainstay.core.outbox import views

app_name = "outbox"
urlpatterns = [
    path("", views.MessageList.as_view(), name="message_list"),
    path("write/", views.Write.as_view(), name="write"),
    path("files/", views.BatchList.as_view(), name="batch_list"),
    path("files/<int:pk>/", views.BatchFile.as_view(), name="batch_file"),
]
