"""Pages of roll-out plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.queries import units_visible_to
from mainstay.performance.plans.views.acts import ActPage
from mainstay.performance.tracking import actions, forms, queries
from mainstay.performance.tracking.models import Action, RolloutGoal, RolloutPlan
from mainstay.performance.tracking.queries_rollout import board_of
from mainstay.performance.tracking.tables import RolloutTable
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, ListPage, Section

SAVE = "performance.tracking.save_rollout"
GOAL = "performance.tracking.save_goal"
WEIGH = "performance.tracking.weigh_goal"
CREATE = "performance.tracking.create_action"


def _plans(user: Any, right: str) -> Any:
    return RolloutPlan.objects.filter(unit__in=units_visible_to(user, right)).select_related("unit")


class RolloutList(ListPage):
    """Plans by which 4R is introduced."""

    title = _("Roll-out plans")
    right = queries.VIEW
    table_class = RolloutTable
    actions = (Button(_("New roll-out plan"), "tracking:rollout_create", (), SAVE, "plus", True),)
    first_use = FirstUse(
        _("No roll-out plan yet"),
        _("It says for each R where the gaps are, what is aimed at, and who does what by when."),
    )

    def queryset(self) -> Any:
        """Plans of one's units."""
        return _plans(self.request.user, queries.VIEW).order_by("-from_on", "code")


class RolloutDetail(DetailPage):
    """One plan: by R, gaps, goals, actions, progress."""

    template_name = "plans/detail.html"

    right = queries.VIEW

    def queryset(self) -> Any:
        """Plans of one's units."""
        return _plans(self.request.user, queries.VIEW)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Roll-out plans"), reverse("tracking:rollout_list"))]

    def get_actions(self) -> Sequence[Button]:
        """Add a goal; change the frame."""
        pk = (self.subject.pk,)
        return [
            Button(_("Add gap and goal"), "tracking:goal_create", pk, GOAL, "plus", True),
            Button(pgettext_lazy("plan", "Change plan"), "tracking:rollout_change", pk, SAVE, "edit"),
        ]

    def facts(self) -> Sequence[Fact]:
        """Unit and time."""
        plan = self.subject
        return [
            Fact(_("Unit"), plan.unit),
            Fact(_("From"), plan.from_on, "date"),
            Fact(_("Until"), plan.until_on, "date"),
        ]

    def sections(self) -> Sequence[Section]:
        """One section for each R."""
        may = {"weigh": self.may(WEIGH), "add": self.may(CREATE)}
        return [
            Section(part.title, template="tracking/rollout_r.html", context={"part": part, "can": may})
            for part in board_of(self.subject)
        ]


class RolloutCreate(ActPage):
    """A new plan."""

    title = _("New roll-out plan")
    right = SAVE
    form_class = forms.RolloutForm
    submit_label = pgettext_lazy("plan", "Save plan")
    act = actions.save_rollout


class RolloutAct(ActPage):
    """An act on one plan."""

    key = "plan"

    def rows(self) -> Any:
        """Plans of the units the right reaches."""
        return _plans(self.request.user, self.right or "")


class RolloutChange(RolloutAct):
    """Change the frame."""

    title = pgettext_lazy("plan", "Change plan")
    right = SAVE
    form_class = forms.RolloutForm
    submit_label = pgettext_lazy("plan", "Save plan")
    act = actions.save_rollout

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.thing, name) for name in forms.RolloutForm.base_fields}


class GoalCreate(RolloutAct):
    """A gap with its goal."""

    title = _("Add gap and goal")
    right = GOAL
    form_class = forms.GoalForm
    submit_label = _("Save goal")
    act = actions.save_goal

    def facts(self, form: Any) -> dict[str, Any]:
        """The number as the action calls it."""
        given = dict(form.cleaned_data)
        aim = given.pop("aim")
        return {**given, "aim_e4": aim}


class GoalAct(ActPage):
    """An act on one goal."""

    key = "goal"

    def rows(self) -> Any:
        """Goals of the plans within reach."""
        plans = _plans(self.request.user, self.right or "")
        return RolloutGoal.objects.filter(plan__in=plans).select_related("plan__unit")

    def get_title(self) -> Any:
        """The goal's words."""
        return f"{self.title}: {self.thing.goal}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the plan."""
        return [(str(self.thing.plan), self.thing.plan.get_absolute_url())]

    def success(self, result: Any) -> str:
        """Back to the plan."""
        return str(self.thing.plan.get_absolute_url())


class GoalWeigh(GoalAct):
    """Say how far it is."""

    title = _("How far it is")
    right = WEIGH
    form_class = forms.WeighForm
    submit_label = _("Save progress")
    act = actions.weigh_goal

    def facts(self, form: Any) -> dict[str, Any]:
        """The number as the action calls it."""
        return {"reached_e4": form.cleaned_data["reached"], "verdict": form.cleaned_data["verdict"]}


class GoalAction(GoalAct):
    """Add an action that leads to the goal."""

    title = _("Add action")
    right = CREATE
    form_class = forms.StepForm
    submit_label = _("Open action")

    def action_call(self, form: Any, request: Any) -> Any:
        """Open it."""
        facts = {**form.cleaned_data, "kind": Action.Kind.ROLLOUT, "goal": self.thing}
        return actions.create_action(**facts, by=self.request.user)
