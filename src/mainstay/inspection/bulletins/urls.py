"""Addresses of papers and statistics."""

from django.urls import path

from mainstay.inspection.bulletins import views

app_name = "bulletins"
urlpatterns = [
    path("", views.PaperList.as_view(), name="paper_list"),
    path("statistics/", views.Statistics.as_view(), name="statistics"),
    path("campaigns/<int:pk>/draft/", views.Draft.as_view(), name="draft"),
    path("groups/<int:pk>/summary/", views.DraftSummary.as_view(), name="draft_summary"),
    path("<int:pk>/", views.PaperDetail.as_view(), name="paper_detail"),
    path("<int:pk>/edit/", views.PaperEdit.as_view(), name="paper_edit"),
    path("<int:pk>/submit/", views.Submit.as_view(), name="submit"),
    path("<int:pk>/seal/", views.Seal.as_view(), name="seal"),
    path("<int:pk>/return/", views.Return.as_view(), name="return"),
    path("<int:pk>/issue/", views.Issue.as_view(), name="issue"),
    path("<int:pk>/void/", views.Void.as_view(), name="void"),
    path("<int:pk>/acknowledge/", views.Acknowledge.as_view(), name="acknowledge"),
    path("<int:pk>/paper.pdf", views.PaperFile.as_view(), {"form": "pdf"}, name="paper_pdf"),
    path("<int:pk>/paper.docx", views.PaperFile.as_view(), {"form": "docx"}, name="paper_docx"),
]
