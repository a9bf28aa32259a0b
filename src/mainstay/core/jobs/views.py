"""Pages of the queue: what runs, how far it is, what failed."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.jobs.actions import VIEW_JOB, cancel_job, retry_job
from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import title_of
from mainstay.web.pages import (
    BadgeColumn,
    Button,
    CountColumn,
    DetailPage,
    Fact,
    InstantColumn,
    ListPage,
    Page,
    SignedRequest,
)

HUES = {"waiting": "grey", "running": "blue", "done": "green", "failed": "red", "cancelled": "amber"}


class JobTable(tables.Table):
    """Jobs, newest first."""

    kind = tables.Column(verbose_name=_("job"), linkify=True, orderable=False)
    state = BadgeColumn(hues=HUES, orderable=False)
    done = CountColumn(orderable=False)
    total = CountColumn(orderable=False)
    created_at = InstantColumn(orderable=False)
    ended_at = InstantColumn(orderable=False)
    by = tables.Column(orderable=False)

    class Meta:
        model = Job
        fields = ("kind", "state", "done", "total", "created_at", "ended_at", "by")
        order_by = "-id"

    def render_kind(self, value: str) -> Any:
        return title_of(value)


class JobFilter(django_filters.FilterSet):
    """By state."""

    class Meta:
        model = Job
        fields = ("state",)


class JobList(ListPage):
    """The queue."""

    title = _("Background jobs")
    right = VIEW_JOB
    model = Job
    table_class = JobTable
    filterset_class = JobFilter

    def queryset(self) -> Any:
        """All jobs with who started them."""
        return Job.objects.select_related("by__person")


class JobDetail(DetailPage):
    """One job with its progress bar."""

    model = Job
    right = None  # who started a job may watch it; others need the right

    def queryset(self) -> Any:
        """The person's own jobs, or all with the right."""
        rows = Job.objects.select_related("by__person")
        return rows if self.may(VIEW_JOB) else rows.filter(by=self.request.user.pk)

    def get_title(self) -> Any:
        return title_of(self.subject.kind)

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Background jobs"), reverse("jobs:job_list"))] if self.may(VIEW_JOB) else []

    def badge(self) -> tuple[Any, str]:
        return self.subject.get_state_display(), HUES[self.subject.state]

    def get_actions(self) -> list[Button]:
        job, found = self.subject, []
        if job.state in {Job.State.WAITING, Job.State.RUNNING}:
            found.append(Button(_("Cancel job"), "jobs:job_act", (job.pk, "cancel"), "core.jobs.cancel_job",
                                danger=True, method="post"))  # fmt: skip
        if job.state in {Job.State.FAILED, Job.State.CANCELLED}:
            found.append(Button(_("Try again"), "jobs:job_act", (job.pk, "retry"), "core.jobs.retry_job",
                                primary=True, method="post"))  # fmt: skip
        return found

    template_name = "jobs/detail.html"

    def facts(self) -> list[Fact]:
        """Who, when, where."""
        job = self.subject
        return [
            Fact(_("by"), job.by),
            Fact(_("created at"), job.created_at, "instant"),
            Fact(_("started at"), job.started_at, "instant"),
            Fact(_("ended at"), job.ended_at, "instant"),
            Fact(_("attempts"), job.attempts),
            Fact(_("worker"), job.worker or "–"),
            *([Fact(_("error"), job.error)] if job.error else []),
        ]


class JobProgress(JobDetail):
    """Only the progress bar, asked for again and again while the job runs."""

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The bar; when the job is over, the whole page is loaded once more."""
        job = self.subject
        response = TemplateResponse(request, "jobs/progress.html", {"job": job, "title": title_of(job.kind)})
        if job.state not in {Job.State.WAITING, Job.State.RUNNING}:
            response["HX-Refresh"] = "true"
        return response


class JobAct(Page):
    """The buttons of a job."""

    def post(self, request: SignedRequest, pk: int, act: str) -> HttpResponse:
        """Cancel or retry, then show the job."""
        job = Job.objects.filter(pk=pk).first()
        acts = {"cancel": cancel_job, "retry": retry_job}
        if job is not None and act in acts:
            acts[act](job=job, by=request.user)
        return HttpResponseRedirect(reverse("jobs:job_detail", args=[pk]))
