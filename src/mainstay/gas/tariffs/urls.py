"""Addresses of tariffs and billing terms."""

from django.urls import path

from mainstay.gas.tariffs.views import plans, terms, versions

app_name = "tariffs"
urlpatterns = [
    path("", plans.PlanList.as_view(), name="plan_list"),
    path("new/", plans.PlanCreate.as_view(), name="plan_create"),
    path("library/", plans.LibraryLoad.as_view(), name="library_load"),
    path("<int:pk>/", plans.PlanDetail.as_view(), name="plan_detail"),
    path("<int:pk>/change/", plans.PlanChange.as_view(), name="plan_change"),
    path("<int:pk>/sample/", plans.Sample.as_view(), name="plan_sample"),
    path("<int:pk>/upload/", versions.VersionUpload.as_view(), name="version_upload"),
    path("<int:pk>/version/", versions.VersionNew.as_view(), name="version_new"),
    path("versions/<int:pk>/change/", versions.VersionChange.as_view(), name="version_change"),
    path("versions/<int:pk>/withdraw/", versions.VersionWithdraw.as_view(), name="version_withdraw"),
    path("accounts/<int:pk>/", terms.AccountTerms.as_view(), name="account_terms"),
    path("accounts/<int:pk>/set/", terms.TermsSet.as_view(), name="terms_set"),
]
