"""Addresses of papers."""

from django.urls import path

from mainstay.core.documents import views

app_name = "documents"
urlpatterns = [
    path("", views.DocumentList.as_view(), name="document_list"),
    path("<int:pk>/", views.DocumentDetail.as_view(), name="document_detail"),
    path("<int:pk>/pdf/", views.DocumentPdf.as_view(), name="document_pdf"),
    path("<int:pk>/void/", views.DocumentVoid.as_view(), name="document_void"),
]
