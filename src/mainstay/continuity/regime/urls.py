"""Addresses of rules and rights."""

from django.urls import path

from mainstay.continuity.regime import views

app_name = "regime"
urlpatterns = [
    path("", views.RuleList.as_view(), name="rule_list"),
    path("new/", views.RuleSave.as_view(), name="rule_create"),
    path("drafts/", views.Drafts.as_view(), name="drafts"),
    path("index/", views.Index.as_view(), name="index"),
    path("people/", views.People.as_view(), name="people"),
    path("people/review/", views.ReviewRights.as_view(), name="review_rights"),
    path("people/emergency/", views.Glass.as_view(), name="break_glass"),
    path("people/emergency/<int:pk>/end/", views.GlassEnd.as_view(), name="end_break_glass"),
    path("<int:pk>/", views.RuleDetail.as_view(), name="rule_detail"),
    path("<int:pk>/change/", views.RuleSave.as_view(), name="rule_change"),
    path("<int:pk>/review/", views.RuleReview.as_view(), name="review"),
    path("<int:pk>/violations/new/", views.Report.as_view(), name="report"),
    path("violations/<int:pk>/settle/", views.Settle.as_view(), name="settle"),
]
