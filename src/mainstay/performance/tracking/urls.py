"""Addresses of tracking and review."""

from django.urls import path

from mainstay.performance.tracking.views import actuals, mine, papers, rollout, sessions, tasks

app_name = "tracking"
urlpatterns = [
    path("mine/", mine.MyPage.as_view(), name="my_page"),
    path("actions/", tasks.ActionList.as_view(), name="action_list"),
    path("actions/new/", tasks.ActionCreate.as_view(), name="action_create"),
    path("actions/<int:pk>/", tasks.ActionDetail.as_view(), name="action_detail"),
    path("actions/<int:pk>/finish/", tasks.ActionFinish.as_view(), name="action_finish"),
    path("actions/<int:pk>/check/", tasks.ActionCheck.as_view(), name="action_check"),
    path("actions/<int:pk>/fail/", tasks.ActionFail.as_view(), name="action_fail"),
    path("people/<int:person>/improvement/", papers.ImprovementPdf.as_view(), name="improvement"),
    path("actuals/", actuals.ActualList.as_view(), name="actual_list"),
    path("actuals/fetch/", actuals.ActualFetch.as_view(), name="actual_fetch"),
    path("actuals/<int:pk>/", actuals.ActualDetail.as_view(), name="actual_detail"),
    path("actuals/<int:pk>/verify/", actuals.ActualVerify.as_view(), name="actual_verify"),
    path("actuals/<int:pk>/dispute/", actuals.ActualDispute.as_view(), name="actual_dispute"),
    path("actuals/<int:pk>/evidence/", actuals.ActualEvidence.as_view(), name="actual_evidence"),
    path("targets/<int:pk>/report/", actuals.ActualReport.as_view(), name="actual_report"),
    path("plans/", tasks.WorkPlanList.as_view(), name="work_plan_list"),
    path("plans/new/", tasks.WorkPlanWrite.as_view(), name="work_plan_write"),
    path("plans/<int:pk>/", tasks.WorkPlanDetail.as_view(), name="work_plan_detail"),
    path("plans/<int:pk>/approve/", tasks.WorkPlanApprove.as_view(), name="work_plan_approve"),
    path("plans/<int:pk>/action/", tasks.WorkPlanAction.as_view(), name="work_plan_action"),
    path("sessions/", sessions.SessionList.as_view(), name="session_list"),
    path("sessions/new/", sessions.SessionPlan.as_view(), name="session_plan"),
    path("sessions/<int:pk>/", sessions.SessionDetail.as_view(), name="session_detail"),
    path("sessions/<int:pk>/wall/", sessions.Projector.as_view(), name="session_projector"),
    path("sessions/<int:pk>/decide/", sessions.SessionDecide.as_view(), name="session_decide"),
    path("sessions/<int:pk>/close/", sessions.SessionHold.as_view(), name="session_hold"),
    path("sessions/<int:pk>/confirm/", sessions.SessionConfirm.as_view(), name="session_confirm"),
    path("sessions/<int:pk>/minutes/", papers.MinutesPdf.as_view(), name="session_minutes"),
    path("sessions/<int:pk>/reports/<int:seat>/", sessions.SessionReport.as_view(), name="session_report"),
    path("coaching/new/", sessions.Coach.as_view(), name="coach"),
    path("rollout/", rollout.RolloutList.as_view(), name="rollout_list"),
    path("rollout/new/", rollout.RolloutCreate.as_view(), name="rollout_create"),
    path("rollout/<int:pk>/", rollout.RolloutDetail.as_view(), name="rollout_detail"),
    path("rollout/<int:pk>/change/", rollout.RolloutChange.as_view(), name="rollout_change"),
    path("rollout/<int:pk>/goal/", rollout.GoalCreate.as_view(), name="goal_create"),
    path("rollout/goals/<int:pk>/progress/", rollout.GoalWeigh.as_view(), name="goal_weigh"),
    path("rollout/goals/<int:pk>/action/", rollout.GoalAction.as_view(), name="goal_action"),
]
