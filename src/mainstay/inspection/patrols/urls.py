"""Addresses of patrols."""

from django.urls import path

from mainstay.inspection.patrols import views

app_name = "patrols"
urlpatterns = [
    path("", views.PatrolList.as_view(), name="patrol_list"),
    path("new/", views.PatrolSave.as_view(), name="patrol_create"),
    path("<int:pk>/", views.PatrolDetail.as_view(), name="patrol_detail"),
    path("<int:pk>/change/", views.PatrolSave.as_view(), name="patrol_change"),
    path("<int:pk>/pause/", views.Pause.as_view(), name="pause"),
    path("<int:pk>/resume/", views.Resume.as_view(), name="resume"),
]
