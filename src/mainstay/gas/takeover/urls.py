"""Addresses of take-overs."""

from django.urls import path

from mainstay.gas.takeover.views import takeovers

app_name = "takeover"
urlpatterns = [
    path("", takeovers.TakeoverList.as_view(), name="takeover_list"),
    path("begin/", takeovers.TakeoverBegin.as_view(), name="takeover_begin"),
    path("<int:pk>/", takeovers.TakeoverDetail.as_view(), name="takeover_detail"),
    path("<int:pk>/bills/", takeovers.OldBillList.as_view(), name="bill_list"),
    path("<int:pk>/trial/", takeovers.TrialStart.as_view(), name="trial"),
    path("<int:pk>/real/", takeovers.MakeReal.as_view(), name="make_real"),
    path("<int:pk>/abandon/", takeovers.Abandon.as_view(), name="abandon"),
    path("<int:pk>/protocol/", takeovers.Protocol.as_view(), name="protocol"),
]
