"""Addresses of the organisation."""

from django.urls import path

from mainstay.core.organisation import views

app_name = "organisation"
urlpatterns = [
    path("units/", views.UnitTree.as_view(), name="unit_tree"),
    path("units/new/", views.UnitCreate.as_view(), name="unit_create"),
    path("units/<int:pk>/", views.UnitDetail.as_view(), name="unit_detail"),
    path("units/<int:pk>/change/", views.UnitChange.as_view(), name="unit_change"),
    path("units/<int:pk>/close/", views.UnitClose.as_view(), name="unit_close"),
    path("posts/new/", views.PostCreate.as_view(), name="post_create"),
    path("people/", views.PersonList.as_view(), name="person_list"),
    path("people/new/", views.PersonCreate.as_view(), name="person_create"),
    path("people/<int:pk>/", views.PersonDetail.as_view(), name="person_detail"),
    path("people/<int:pk>/change/", views.PersonChange.as_view(), name="person_change"),
    path("people/<int:pk>/leave/", views.PersonLeave.as_view(), name="person_leave"),
    path("assign/", views.Assign.as_view(), name="assign"),
    path("holdings/<int:pk>/end/", views.HoldingEnd.as_view(), name="holding_end"),
]
