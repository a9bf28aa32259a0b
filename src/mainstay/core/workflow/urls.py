"""Addresses of approvals."""

from django.urls import path

from mainstay.core.workflow import views

app_name = "workflow"
urlpatterns = [
    path("", views.ApprovalList.as_view(), name="approval_list"),
    path("<int:pk>/", views.ApprovalDetail.as_view(), name="approval_detail"),
    path("<int:pk>/approve/", views.Approve.as_view(), name="approve"),
    path("<int:pk>/reject/", views.Reject.as_view(), name="reject"),
    path("<int:pk>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
]
