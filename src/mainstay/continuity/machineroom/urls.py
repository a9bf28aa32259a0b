"""Addresses of the machine room."""

from django.urls import path

from mainstay.continuity.machineroom import views

app_name = "machineroom"
urlpatterns = [
    path("", views.ItemList.as_view(), name="item_list"),
    path("items/new/", views.ItemSave.as_view(), name="item_create"),
    path("items/<int:pk>/", views.ItemDetail.as_view(), name="item_detail"),
    path("items/<int:pk>/change/", views.ItemSave.as_view(), name="item_change"),
    path("items/<int:pk>/check/", views.ItemCheck.as_view(), name="item_check"),
    path("items/<int:pk>/retire/", views.ItemRetire.as_view(), name="item_retire"),
    path("visits/", views.VisitList.as_view(), name="visit_list"),
    path("visits/new/", views.VisitCreate.as_view(), name="visit_create"),
    path("visits/<int:pk>/", views.VisitDetail.as_view(), name="visit_detail"),
    path("visits/<int:pk>/pass/", views.VisitPass.as_view(), name="visit_pass"),
]
