"""Addresses of hazards and notices."""

from django.urls import path

from mainstay.inspection.hazards.views import hazards, notices

app_name = "hazards"
urlpatterns = [
    path("", hazards.HazardList.as_view(), name="hazard_list"),
    path("mine/", hazards.MyHazards.as_view(), name="mine"),
    path("<int:pk>/", hazards.HazardDetail.as_view(), name="hazard_detail"),
    path("<int:pk>/plan/", hazards.Plan.as_view(), name="plan"),
    path("<int:pk>/report/", hazards.Report.as_view(), name="report"),
    path("<int:pk>/extend/", hazards.Extend.as_view(), name="extend"),
    path("<int:pk>/level/", hazards.Level.as_view(), name="level"),
    path("<int:pk>/recheck/", hazards.Recheck.as_view(), name="recheck"),
    path("<int:pk>/supply/", hazards.Supply.as_view(), name="supply"),
    path("<int:pk>/close/", hazards.CloseHazard.as_view(), name="close"),
    path("<int:pk>/notice/", notices.NoticeIssue.as_view(), name="notice_issue"),
    path("<int:pk>/files/<int:file>/", hazards.Evidence.as_view(), name="evidence"),
    path("times/", hazards.ClockList.as_view(), name="clock_list"),
    path("times/new/", hazards.ClockSave.as_view(), name="clock_save"),
    path("notices/", notices.NoticeList.as_view(), name="notice_list"),
    path("notices/<int:pk>/", notices.NoticeDetail.as_view(), name="notice_detail"),
    path("notices/<int:pk>/serve/", notices.Serve.as_view(), name="serve"),
    path("notices/<int:pk>/void/", notices.NoticeVoid.as_view(), name="notice_void"),
    path("notices/number/<str:number>.pdf", notices.NoticeByNumber.as_view(), name="notice_number"),
    path("notices/<int:pk>/<slug:paper>.pdf", notices.NoticePdf.as_view(), name="notice_pdf"),
    path("notices/<int:pk>/<slug:paper>.docx", notices.NoticeDocx.as_view(), name="notice_docx"),
]
