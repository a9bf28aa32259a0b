"""Addresses of arrears."""

from django.urls import path

from mainstay.gas.arrears import views, views_desk, views_stops

app_name = "arrears"
urlpatterns = [
    path("", views_desk.Desk.as_view(), name="desk"),
    path("steps/", views.LadderList.as_view(), name="ladder_list"),
    path("steps/set/", views.LadderSet.as_view(), name="ladder_set"),
    path("runs/", views.RunList.as_view(), name="run_list"),
    path("runs/propose/", views.RunPropose.as_view(), name="run_propose"),
    *views.RunDetail.urls(),
    path("runs/<int:pk>/steps/", views.ActList.as_view(), name="act_list"),
    path("accounts/<int:pk>/step/", views_desk.StepTake.as_view(), name="step_take"),
    path("stops/", views_stops.StopList.as_view(), name="stop_list"),
    path("stops/<int:pk>/<slug:act>/", views_stops.StopAct.as_view(), name="stop_act"),
    path("messages/", views_stops.MessageList.as_view(), name="message_list"),
    path("messages/<int:pk>/file/", views_stops.MessageDownload.as_view(), name="message_file"),
    path("papers/<int:pk>/", views.ActPdf.as_view(), name="act_pdf"),
    path("promises/<int:pk>/paper/", views_stops.PromisePaper.as_view(), name="promise_paper"),
    path("accounts/<int:pk>/", views.AccountTab.as_view(), name="account_tab"),
    path("accounts/<int:pk>/promise/", views.PromiseNew.as_view(), name="promise_new"),
]
