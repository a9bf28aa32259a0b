"""Addresses of appraisal."""

from django.urls import path

from mainstay.performance.appraisal.views import appraisals, ratings, rewards, rounds, terms

app_name = "appraisal"
urlpatterns = [
    path("", rounds.RoundList.as_view(), name="round_list"),
    path("new/", rounds.RoundStart.as_view(), name="round_start"),
    path("<int:pk>/", rounds.RoundDetail.as_view(), name="round_detail"),
    path("<int:pk>/raters/", rounds.Raters.as_view(), name="raters"),
    path("<int:pk>/assign/", rounds.Assign.as_view(), name="assign"),
    path("<int:pk>/cross/", rounds.Cross.as_view(), name="cross"),
    path("<int:pk>/estimate/", rounds.Estimate.as_view(), name="estimate"),
    path("<int:pk>/begin/", rounds.Begin.as_view(), name="begin"),
    path("<int:pk>/again/", rounds.Again.as_view(), name="again"),
    path("<int:pk>/finish/", rounds.Finish.as_view(), name="finish"),
    path("<int:pk>/close/", rounds.Close.as_view(), name="close"),
    path("<int:pk>/calibration/", appraisals.Calibration.as_view(), name="calibration"),
    path("<int:pk>/consequences/", rewards.ConsequenceList.as_view(), name="consequences"),
    path("<int:pk>/propose/", rewards.Propose.as_view(), name="propose"),
    path("<int:pk>/approve/", rewards.Approve.as_view(), name="approve"),
    path("<int:pk>/effect/", rewards.Effect.as_view(), name="effect"),
    path("<int:pk>/pool/", rewards.PoolCreate.as_view(), name="pool_create"),
    path("pools/<int:pk>/", rewards.PoolDetail.as_view(), name="pool_detail"),
    path("pools/<int:pk>/approve/", rewards.PoolApprove.as_view(), name="pool_approve"),
    path("mine/", appraisals.Mine.as_view(), name="mine"),
    path("tasks/", ratings.TaskList.as_view(), name="task_list"),
    path("tasks/<int:pk>/", ratings.Rate.as_view(), name="rate"),
    path("people/<int:pk>/", appraisals.AppraisalDetail.as_view(), name="appraisal_detail"),
    path("people/<int:pk>/grade/", appraisals.ChangeGrade.as_view(), name="grade"),
    path("people/<int:pk>/interview/", appraisals.HoldInterview.as_view(), name="interview"),
    path("people/<int:pk>/confirm/", appraisals.Confirm.as_view(), name="confirm"),
    path("people/<int:pk>/appeal/", appraisals.FileAppeal.as_view(), name="appeal"),
    path("people/<int:pk>/decide/", appraisals.Decide.as_view(), name="decide"),
    path("people/<int:pk>/career/", appraisals.WriteCareer.as_view(), name="career"),
    path("people/<int:pk>/interview.pdf", appraisals.InterviewPdf.as_view(), name="interview_pdf"),
    path("people/<int:pk>/notice.pdf", appraisals.NoticePdf.as_view(), name="notice_pdf"),
    path("people/<int:pk>/improvement.pdf", appraisals.ImprovementPdf.as_view(), name="improvement_pdf"),
    path("criteria/", terms.CriterionList.as_view(), name="criterion_list"),
    path("criteria/new/", terms.CriterionAdd.as_view(), name="criterion_add"),
    path("grades/new/", terms.SchemeSet.as_view(), name="scheme_set"),
    path("factors/new/", terms.FactorSet.as_view(), name="factor_set"),
]
