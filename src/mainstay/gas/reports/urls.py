"""Addresses of reports."""

from django.urls import path

from mainstay.gas.reports import views, views_deposits, views_overview, views_sales

app_name = "reports"
urlpatterns = [
    path("", views_overview.Overview.as_view(), name="overview"),
    path("reading-rate/", views.ReadingRate.as_view(), name="reading_rate"),
    path("collection-rate/", views.CollectionRate.as_view(), name="collection_rate"),
    path("ageing/", views.Ageing.as_view(), name="ageing"),
    path("top-debtors/", views.TopDebtors.as_view(), name="top_debtors"),
    path("deposits/", views_deposits.Deposits.as_view(), name="deposits"),
    path("takings/", views.Takings.as_view(), name="takings"),
    path("channels/", views_sales.Channels.as_view(), name="channels"),
    path("tiers/", views_sales.Tiers.as_view(), name="tiers"),
    path("supply/", views_sales.SupplySale.as_view(), name="supply"),
    path("supply/record/", views_sales.SupplyRecord.as_view(), name="supply_record"),
    path("arrears/", views.ArrearsList.as_view(), name="arrears_list"),
]
