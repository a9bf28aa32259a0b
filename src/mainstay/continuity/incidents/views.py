"""Incidents: the list, one with its steps and follow-ups, the acts of those who handle and close it, its report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.continuity.incidents import actions, forms, queries, tables
from mainstay.continuity.incidents.filters import IncidentFilter
from mainstay.continuity.incidents.models import FollowUp, Incident
from mainstay.continuity.incidents.papers import report_data
from mainstay.continuity.incidents.rules import due_at
from mainstay.continuity.incidents.states import INCIDENT
from mainstay.continuity.site import registry
from mainstay.continuity.site.models import Observation
from mainstay.kit.pdf import render_pdf
from mainstay.web.pages import (
    Button,
    DetailPage,
    Fact,
    FirstUse,
    FormPage,
    ListPage,
    Page,
    Section,
    SignedRequest,
    steps_of,
)

LIST = "incidents:incident_list"
TITLE = _("Incidents")
PEOPLE = ("opened_by__person", "ended_by__person", "closed_by__person")
OPENED, OVER, CLOSED = Incident.State


class IncidentList(ListPage):
    """All incidents, the latest first."""

    title = TITLE
    right = queries.VIEW
    table_class = tables.IncidentTable
    filterset_class = IncidentFilter
    search_fields = ("number", "title", "touched", "cause")
    search_placeholder = _("Number, event, what it touched, cause")
    actions = (Button(_("Open incident"), "incidents:incident_create", (), actions.OPEN, "plus", True),)
    first_use = FirstUse(
        _("No incident is on record"),
        _("Open one by hand, or from a red finding of the board: what happened, what it touched, what was done."),
        actions[0],
    )

    def queryset(self) -> Any:
        """With the people of it."""
        return Incident.objects.select_related(*PEOPLE)


class IncidentDetail(DetailPage):
    """One incident."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """With the people of it and its alarm."""
        return Incident.objects.select_related("finding", *PEOPLE)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(TITLE, reverse(LIST))]

    def badge(self) -> tuple[Any, str]:
        """Where it stands."""
        state = INCIDENT.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """Handled, over, closed."""
        return steps_of(INCIDENT.path, self.subject.state)

    def notices(self) -> Sequence[tuple[str, Any]]:
        """That it takes too long."""
        one = self.subject
        if one.state == OPENED and timezone.now() > due_at(one.grade, one.noticed_at):
            return [("red", _("By its grade it should be over already. Handle it now, or ask for help."))]
        return ()

    def get_actions(self) -> Sequence[Button]:
        """What its state allows, and its report."""
        pk, state = (self.subject.pk,), self.subject.state
        found = [Button(_("Report"), "incidents:incident_pdf", pk, queries.VIEW, "printer", new_tab=True)]
        if state == OPENED:
            found.append(Button(_("End incident"), "incidents:incident_end", pk, actions.END, "check", primary=True))
        if state == OVER:
            found.append(Button(_("Close incident"), "incidents:incident_close", pk, actions.CLOSE, "lock", True))
        if state != CLOSED:
            found.append(Button(_("Change incident"), "incidents:incident_change", pk, actions.CHANGE, "edit"))
        if state != OPENED:
            found.append(Button(_("Reopen incident"), "incidents:incident_reopen", pk, actions.REOPEN, "arrow-back-up"))
        return found

    def facts(self) -> Sequence[Fact]:
        """What, since when, what it touched, why, who."""
        one, measure = self.subject, registry.MEASURES.get(self.subject.measure)
        to_measure = reverse("site:measure", args=[one.measure]) if measure else ""
        found = [
            Fact(_("kind"), one.get_kind_display()),
            Fact(_("grade"), one.get_grade_display(), "badge", hue=tables.GRADE_HUES[one.grade]),
            Fact(_("measure"), f"{measure.key} {measure.title}" if measure else "–", href=to_measure),
            Fact(_("began at"), one.began_at, "instant"),
            Fact(_("noticed at"), one.noticed_at, "instant"),
            Fact(_("has to be over by"), due_at(one.grade, one.noticed_at), "instant"),
            Fact(_("recorded by"), one.opened_by),
            Fact(_("what it touched"), one.touched or "–"),
        ]
        later = [
            (one.over_at, Fact(_("over since"), one.over_at, "instant")),
            (one.ended_by, Fact(_("ended by"), one.ended_by)),
            (one.cause, Fact(_("cause"), one.cause)),
            (one.closed_at, Fact(pgettext_lazy("incident", "closed at"), one.closed_at, "instant")),
            (one.closed_by, Fact(pgettext_lazy("incident", "closed by"), one.closed_by)),
            (one.conclusion, Fact(_("conclusion"), one.conclusion)),
        ]
        if one.finding:
            found.insert(3, Fact(_("alarm"), f"{one.finding}: {one.finding.text}"))
        return [*found, *(fact for there, fact in later if there)]

    def sections(self) -> Sequence[Section]:
        """What was done, what has to follow."""
        one = self.subject
        done = list(one.steps.select_related("by__person"))
        follow = list(queries.follow_ups(one))
        user = self.request.user
        mine = [(row, row.done_on is None and (row.who_id == user.pk or self.may(actions.PLAN))) for row in follow]
        note = [Button(_("Note a step"), "incidents:incident_note", (one.pk,), actions.NOTE, "pencil")]
        plan = [Button(_("Plan follow-up"), "incidents:follow_up_plan", (one.pk,), actions.PLAN, "plus")]
        facts = {"rows": mine, "today": timezone.localdate(), "may_finish": self.may(actions.FINISH)}
        return [
            Section(
                _("Course of handling"), template="incidents/steps.html", context={"done": done}, key="steps",
                count=len(done), buttons=note if one.state != CLOSED else (),
            ),
            Section(
                _("Follow-ups"), template="incidents/follow_ups.html", context=facts, key="follow_ups",
                count=len(follow), buttons=plan if one.state != CLOSED else (),
            ),
        ]  # fmt: skip


class IncidentOpen(FormPage):
    """Open one, from a finding when the address names it."""

    title = _("Open an incident")
    right = actions.OPEN
    form_class = forms.IncidentForm
    submit_label = _("Open incident")
    intro = _("Those who handle incidents get a to-do. A second person closes the case in the end.")

    @cached_property
    def finding(self) -> Observation | None:
        """What a probe saw, if the address names it."""
        key = self.request.GET.get("finding", "")
        return get_object_or_404(Observation, pk=int(key)) if key.isdecimal() else None

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(TITLE, reverse(LIST))]

    def initial(self) -> dict[str, Any]:
        """What the probe saw, since when."""
        one = self.finding
        if one is None:
            return super().initial()
        measure = registry.probe(one.probe).measure
        title = f"{one}: {one.text}"[:100]
        return {"title": title, "measure": measure, "began_at": timezone.localtime(one.since), "kind": "facility"}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Open it."""
        return actions.open_incident(finding=self.finding, by=self.request.user, **form.cleaned_data)


class _IncidentForm(FormPage):
    """A form about one incident."""

    @cached_property
    def incident(self) -> Incident:
        """The incident of the address."""
        return get_object_or_404(Incident, pk=self.kwargs["pk"])

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the incident."""
        return [(TITLE, reverse(LIST)), (self.incident, self.incident.get_absolute_url())]

    def success(self, result: Any) -> str:
        """Back to it."""
        return self.incident.get_absolute_url()


class IncidentChange(_IncidentForm):
    """Say better what happened."""

    title = _("Change an incident")
    right = actions.CHANGE
    form_class = forms.IncidentForm
    submit_label = _("Save incident")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        facts = {name: getattr(self.incident, name) for name in forms.IncidentForm.base_fields}
        moments = {name: timezone.localtime(facts[name]) for name in ("began_at", "noticed_at")}
        return {**facts, **moments}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save it."""
        return actions.change_incident(incident=self.incident, by=self.request.user, **form.cleaned_data)


class IncidentNote(_IncidentForm):
    """Write down what was done."""

    title = _("Note what was done about an incident")
    right = actions.NOTE
    form_class = forms.StepForm
    submit_label = _("Note a step")
    intro = _("What was noted stays as it was noted.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Note it."""
        return actions.note_incident(incident=self.incident, by=self.request.user, **form.cleaned_data)


class IncidentEnd(_IncidentForm):
    """Say that it is over, and why it happened."""

    title = _("End an incident")
    right = actions.END
    form_class = forms.EndForm
    submit_label = _("End incident")
    intro = _("A second person looks at what was done and closes the case.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """End it."""
        return actions.end_incident(incident=self.incident, by=self.request.user, **form.cleaned_data)


class IncidentClose(_IncidentForm):
    """Close the case."""

    title = _("Close an incident")
    right = actions.CLOSE
    form_class = forms.CloseForm
    submit_label = _("Close incident")
    intro = _("Look at its steps, its cause and its follow-ups first. Follow-ups go on until they are done.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Close it."""
        return actions.close_incident(incident=self.incident, by=self.request.user, **form.cleaned_data)


class IncidentReopen(_IncidentForm):
    """Open the case again."""

    title = _("Open an incident again")
    right = actions.REOPEN
    form_class = forms.ReasonForm
    submit_label = _("Reopen incident")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Open it again."""
        return actions.reopen_incident(incident=self.incident, by=self.request.user, **form.cleaned_data)


class FollowUpPlan(_IncidentForm):
    """Say what has to follow."""

    title = _("Plan a follow-up of an incident")
    right = actions.PLAN
    form_class = forms.FollowUpForm
    submit_label = _("Plan follow-up")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Plan it."""
        return actions.plan_follow_up(incident=self.incident, by=self.request.user, **form.cleaned_data)


class FollowUpFinish(_IncidentForm):
    """Say what was done."""

    title = _("Finish a follow-up of an incident")
    right = actions.FINISH
    form_class = forms.ResultForm
    submit_label = _("Finish follow-up")

    @cached_property
    def follow_up(self) -> FollowUp:
        """The follow-up of the address."""
        return get_object_or_404(FollowUp.objects.select_related("incident"), pk=self.kwargs["pk"])

    @cached_property
    def incident(self) -> Incident:
        """Its incident."""
        return self.follow_up.incident

    def get_title(self) -> Any:
        """Which one."""
        return self.follow_up

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Finish it."""
        return actions.finish_follow_up(follow_up=self.follow_up, by=self.request.user, **form.cleaned_data)


class IncidentPdf(Page):
    """The report of an incident on paper, as it stands."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give the PDF."""
        one = get_object_or_404(Incident.objects.select_related("finding", *PEOPLE), pk=kwargs["pk"])
        answer = HttpResponse(render_pdf("incident_report", report_data(one)), "application/pdf")
        answer["Content-Disposition"] = f'inline; filename="incident-{one.number}.pdf"'
        answer["Cache-Control"] = "no-store"
        return answer
