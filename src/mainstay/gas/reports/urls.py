"""Addresses of reports."""

from django.urls import path

from mainstay.gas.reports import views, views_overview

app_name = "reports"
urlpatterns = [
    path("", views_overview.Overview.as_view(), name="overview"),
    path("reading-rate/", views.ReadingRate.as_view(), name="reading_rate"),
    path("collection-rate/", views.CollectionRate.as_view(), name="collection_rate"),
    path("ageing/", views.Ageing.as_view(), name="ageing"),
    path("top-debtors/", views.TopDebtors.as_view(), name="top_debtors"),
    path("takings/", views.Takings.as_view(), name="takings"),
    path("arrears/", views.ArrearsList.as_view(), name="arrears_list"),
]
