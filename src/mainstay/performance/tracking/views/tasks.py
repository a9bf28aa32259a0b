"""Pages of actions and work plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.evidence.actions import store_file
from mainstay.core.organisation.queries import units_visible_to
from mainstay.performance.plans.forms import ReasonForm
from mainstay.performance.plans.views.acts import ActPage
from mainstay.performance.tracking import actions, forms, queries
from mainstay.performance.tracking.filters import ActionFilter
from mainstay.performance.tracking.models import Action, WorkPlan
from mainstay.performance.tracking.states import TASK, WORK_PLAN
from mainstay.performance.tracking.tables import ActionTable, WorkPlanTable
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, ListPage, Section, steps_of

CREATE = "performance.tracking.create_action"
FINISH = "performance.tracking.finish_action"
CHECK = "performance.tracking.check_action"
FAIL = "performance.tracking.fail_action"
WRITE_PLAN = "performance.tracking.write_work_plan"
APPROVE_PLAN = "performance.tracking.approve_work_plan"


class ActionList(ListPage):
    """What people have promised."""

    title = pgettext_lazy("task", "Actions")
    table_class = ActionTable
    filterset_class = ActionFilter
    search_fields = ("title", "owner__name")
    actions = (Button(_("Open an action"), "tracking:action_create", (), CREATE, "plus", True),)
    first_use = FirstUse(
        _("No actions yet"), _("An action has a promised result, exactly one owner, a day, and somebody who checks it.")
    )

    def queryset(self) -> Any:
        """Those one owns or checks, and those of one's units."""
        return queries.actions_for(self.request.user).order_by("due_on", "id")


class ActionDetail(DetailPage):
    """One action."""

    template_name = "plans/detail.html"

    def queryset(self) -> Any:
        """What this person may see."""
        rows = queries.actions_for(self.request.user)
        return rows.select_related("target__indicator", "session", "goal", "evidence", "opened_by__person")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(pgettext_lazy("task", "Actions"), reverse("tracking:action_list"))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = TASK.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of an action."""
        return steps_of(TASK.path, self.subject.state)

    def get_actions(self) -> Sequence[Button]:
        """What can be done now, for those whose turn it is."""
        task, pk = self.subject, (self.subject.pk,)
        me = self.request.user.person_id
        found = []
        if task.state == Action.State.OPEN:
            found.append(
                Button(_("Report as done"), "tracking:action_finish", pk, FINISH, "check", me == task.owner_id)
            )
        if task.state == Action.State.DONE and me != task.owner_id:
            found.append(
                Button(_("Check action"), "tracking:action_check", pk, CHECK, "checklist", me == task.checker_id)
            )
        if task.kind == Action.Kind.IMPROVEMENT:
            url = (task.owner_id,)
            found.append(Button(_("Print improvement plan"), "tracking:improvement", url, icon="printer", new_tab=True))
        if task.state in (Action.State.OPEN, Action.State.DONE):
            found.append(Button(_("Give up"), "tracking:action_fail", pk, FAIL, danger=True))
        return found

    def facts(self) -> Sequence[Fact]:
        """Who, until when, with what result."""
        task = self.subject
        found = [
            Fact(_("Promised result"), task.result),
            Fact(_("Owner"), task.owner),
            Fact(_("Checker"), task.checker),
            Fact(_("Due on"), task.due_on, "date"),
            Fact(_("Kind"), task.get_kind_display()),
            Fact(_("Unit"), task.unit),
        ]
        if task.target:
            url = reverse("plans:contract_detail", args=[task.target.contract_id])
            found.append(Fact(_("Target"), task.target.indicator, href=url))
        if task.session:
            found.append(Fact(_("Session"), task.session, href=task.session.get_absolute_url()))
        if task.outcome:
            found += [Fact(_("What came of it"), task.outcome), Fact(_("Done at"), task.done_at, "instant")]
        if task.verdict:
            found.append(Fact(_("Verdict"), task.verdict))
        return found

    def sections(self) -> Sequence[Section]:
        """The steps, one a line."""
        lines = [line for line in self.subject.steps.splitlines() if line.strip()]
        return [Section(_("Steps"), template="tracking/lines.html", context={"lines": lines})] if lines else []


class ActionCreate(ActPage):
    """Open an action."""

    title = _("Open an action")
    right = CREATE
    form_class = forms.ActionForm
    submit_label = _("Open action")
    act = actions.create_action
    template_name = "web/form.html"


class ActionAct(ActPage):
    """An act on one action."""

    key = "task"

    def rows(self) -> Any:
        """What this person may see."""
        return queries.actions_for(self.request.user)


class ActionFinish(ActionAct):
    """The owner reports."""

    title = _("Report as done")
    right = FINISH
    form_class = forms.FinishForm
    submit_label = _("Report as done")
    act = actions.finish_action

    def facts(self, form: Any) -> dict[str, Any]:
        """Keep the file as evidence."""
        kept = kept_file(self, form, f"tracking.action:{self.thing.pk}")
        return {"outcome": form.cleaned_data["outcome"], "evidence": kept}


class ActionCheck(ActionAct):
    """The checker accepts or gives back."""

    title = _("Check action")
    right = CHECK
    form_class = forms.CheckForm
    submit_label = _("Give verdict")
    act = actions.check_action


class ActionFail(ActionAct):
    """Give up."""

    title = _("Give up")
    right = FAIL
    form_class = ReasonForm
    submit_label = _("Give action up")
    danger = True
    act = actions.fail_action


def kept_file(page: Any, form: Any, subject: str) -> Any:
    """Keep the uploaded file of a form as evidence; None without one."""
    file = form.cleaned_data.get("file")
    return store_file(file=file, name=file.name, subject=subject, by=page.request.user) if file else None


class WorkPlanList(ListPage):
    """Work plans of the units one may see."""

    title = _("Work plans")
    right = queries.VIEW
    table_class = WorkPlanTable
    actions = (Button(_("Write a work plan"), "tracking:work_plan_write", (), WRITE_PLAN, "plus", True),)
    first_use = FirstUse(
        _("No work plans yet"),
        _("A plan says what matters in a department and period, and which actions bring it about."),
    )

    def queryset(self) -> Any:
        """Plans of one's units."""
        return _plans(self.request.user).order_by("-id")


def _plans(user: Any) -> Any:
    rows = WorkPlan.objects.filter(unit__in=units_visible_to(user, queries.VIEW))
    return rows.select_related("unit", "period", "written_by__person", "approved_by__person")


class WorkPlanDetail(DetailPage):
    """One work plan with its actions."""

    template_name = "plans/detail.html"

    right = queries.VIEW

    def queryset(self) -> Any:
        """Plans of one's units."""
        return _plans(self.request.user)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Work plans"), reverse("tracking:work_plan_list"))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = WORK_PLAN.state(self.subject.state)
        return state.title, state.hue

    def facts(self) -> Sequence[Fact]:
        """Who wrote and approved it."""
        plan = self.subject
        return [Fact(_("Written by"), plan.written_by), Fact(_("Approved by"), plan.approved_by or "–")]

    def get_actions(self) -> Sequence[Button]:
        """Add actions; approve."""
        pk = (self.subject.pk,)
        found = [Button(_("Add action"), "tracking:work_plan_action", pk, CREATE, "plus")]
        if self.subject.state == WorkPlan.State.DRAFT:
            found.append(Button(_("Approve plan"), "tracking:work_plan_approve", pk, APPROVE_PLAN, "check", True))
        return found

    def sections(self) -> Sequence[Section]:
        """The summary and the actions."""
        lines = [line for line in self.subject.summary.splitlines() if line.strip()]
        tasks = list(self.subject.actions.select_related("owner", "checker", "unit"))
        return [
            Section(_("What matters in this period"), template="tracking/lines.html", context={"lines": lines}),
            Section(
                pgettext_lazy("task", "Actions"), table=ActionTable(tasks, exclude=("kind", "unit")), count=len(tasks)
            ),
        ]


class WorkPlanWrite(ActPage):
    """Write a plan."""

    title = _("Write a work plan")
    right = WRITE_PLAN
    form_class = forms.WorkPlanForm
    submit_label = pgettext_lazy("plan", "Save plan")
    act = actions.write_work_plan


class WorkPlanAct(ActPage):
    """An act on one plan."""

    key = "plan"

    def rows(self) -> Any:
        """Plans of the units the right reaches."""
        rows = WorkPlan.objects.filter(unit__in=units_visible_to(self.request.user, self.right or ""))
        return rows.select_related("unit", "period")


class WorkPlanApprove(WorkPlanAct):
    """Approve it."""

    title = _("Approve plan")
    right = APPROVE_PLAN
    submit_label = _("Approve plan")
    act = actions.approve_work_plan


class WorkPlanAction(WorkPlanAct):
    """Add an action to it."""

    title = _("Add action")
    right = CREATE
    form_class = forms.DecisionForm
    submit_label = _("Open action")

    def action_call(self, form: Any, request: Any) -> Any:
        """Open it for the plan's unit."""
        facts = {"unit": self.thing.unit, "kind": Action.Kind.WORK, "work_plan": self.thing}
        return actions.create_action(**form.cleaned_data, **facts, by=self.request.user)
