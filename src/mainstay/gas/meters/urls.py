"""Addresses of meters."""

from django.urls import path

from mainstay.gas.meters.views import meters, places

app_name = "meters"
urlpatterns = [
    path("", meters.MeterList.as_view(), name="meter_list"),
    path("due/", meters.DueList.as_view(), name="due_list"),
    path("new/", meters.MeterRegister.as_view(), name="meter_register"),
    path("<int:pk>/", meters.MeterDetail.as_view(), name="meter_detail"),
    path("<int:pk>/change/", meters.MeterChange.as_view(), name="meter_change"),
    path("<int:pk>/scrap/", meters.MeterScrap.as_view(), name="meter_scrap"),
    path("<int:pk>/install/", places.MeterInstall.as_view(), name="meter_install"),
    path("places/<int:pk>/remove/", places.MeterRemove.as_view(), name="meter_remove"),
    path("places/<int:pk>/exchange/", places.MeterExchange.as_view(), name="meter_exchange"),
    path("places/<int:pk>/paper/", places.ChangePaper.as_view(), name="change_paper"),
    path("places/<int:pk>/master/", places.MeterMaster.as_view(), name="meter_master"),
    path("accounts/<int:pk>/", places.AccountMeters.as_view(), name="account_meters"),
    path("accounts/<int:pk>/install/", places.AccountInstall.as_view(), name="account_install"),
]
