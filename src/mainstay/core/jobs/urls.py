"""Addresses of the queue."""

from django.urls import path

from mainstay.core.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.JobList.as_view(), name="job_list"),
    path("<int:pk>/", views.JobDetail.as_view(), name="job_detail"),
    path("<int:pk>/progress/", views.JobProgress.as_view(), name="job_progress"),
    path("<int:pk>/<slug:act>/", views.JobAct.as_view(), name="job_act"),
]
