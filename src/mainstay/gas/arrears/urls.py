"""Addresses of arrears."""

from django.urls import path

from mainstay.gas.arrears import views

app_name = "arrears"
urlpatterns = [
    path("", views.Desk.as_view(), name="desk"),
    path("steps/", views.LadderList.as_view(), name="ladder_list"),
    path("steps/set/", views.LadderSet.as_view(), name="ladder_set"),
    path("runs/", views.RunList.as_view(), name="run_list"),
    path("runs/propose/", views.RunPropose.as_view(), name="run_propose"),
    *views.RunDetail.urls(),
    path("papers/<int:pk>/", views.ActPdf.as_view(), name="act_pdf"),
    path("accounts/<int:pk>/", views.AccountTab.as_view(), name="account_tab"),
    path("accounts/<int:pk>/promise/", views.PromiseNew.as_view(), name="promise_new"),
]
