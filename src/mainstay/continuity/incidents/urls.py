"""Addresses of incidents."""

from django.urls import path

from mainstay.continuity.incidents import views

app_name = "incidents"
urlpatterns = [
    path("", views.IncidentList.as_view(), name="incident_list"),
    path("new/", views.IncidentOpen.as_view(), name="incident_create"),
    path("<int:pk>/", views.IncidentDetail.as_view(), name="incident_detail"),
    path("<int:pk>/report/", views.IncidentPdf.as_view(), name="incident_pdf"),
    path("<int:pk>/change/", views.IncidentChange.as_view(), name="incident_change"),
    path("<int:pk>/note/", views.IncidentNote.as_view(), name="incident_note"),
    path("<int:pk>/end/", views.IncidentEnd.as_view(), name="incident_end"),
    path("<int:pk>/close/", views.IncidentClose.as_view(), name="incident_close"),
    path("<int:pk>/reopen/", views.IncidentReopen.as_view(), name="incident_reopen"),
    path("<int:pk>/follow-ups/new/", views.FollowUpPlan.as_view(), name="follow_up_plan"),
    path("follow-ups/<int:pk>/finish/", views.FollowUpFinish.as_view(), name="follow_up_finish"),
]
