"""Lists of tracking."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from mainstay.performance.plans.rules import number_text
from mainstay.performance.plans.tables import END, NumberColumn
from mainstay.performance.tracking.models import Action, Actual, RolloutPlan, Session, WorkPlan
from mainstay.performance.tracking.states import ACTUAL, SESSION, TASK, WORK_PLAN
from mainstay.web.pages import BadgeColumn, DayColumn, InstantColumn


class ActionTable(tables.Table):
    """Actions by due day."""

    title = tables.Column(linkify=True, orderable=False)
    kind = tables.Column(orderable=False)
    unit = tables.Column(orderable=False)
    owner = tables.Column(orderable=False)
    checker = tables.Column(orderable=False)
    due_on = DayColumn(orderable=False)
    state = BadgeColumn(hues=TASK.hues, orderable=False)

    class Meta:
        model = Action
        fields = ("title", "kind", "unit", "owner", "checker", "due_on", "state")
        order_by = "due_on"


class ActualTable(tables.Table):
    """Actual values, newest first."""

    indicator = tables.Column(
        accessor="target__indicator", linkify=("tracking:actual_detail", [tables.A("pk")]), orderable=False,
        verbose_name=_("indicator"),
    )  # fmt: skip
    person = tables.Column(accessor="target__contract__person", orderable=False, verbose_name=_("party B"))
    period = tables.Column(orderable=False)
    target = NumberColumn(accessor="target__target_e4", verbose_name=_("target"))
    value_e4 = NumberColumn(verbose_name=_("value"))
    state = BadgeColumn(hues=ACTUAL.hues, orderable=False)
    reported_by = tables.Column(orderable=False)
    reported_at = InstantColumn(orderable=False)

    class Meta:
        model = Actual
        fields = ("indicator", "person", "period", "target", "value_e4", "state", "reported_by", "reported_at")
        order_by = "-id"


class SessionTable(tables.Table):
    """Sessions, newest first."""

    title = tables.Column(linkify=True, orderable=False)
    kind = tables.Column(orderable=False)
    unit = tables.Column(orderable=False)
    period = tables.Column(orderable=False)
    held_on = DayColumn(orderable=False)
    host = tables.Column(orderable=False)
    state = BadgeColumn(hues=SESSION.hues, orderable=False)

    class Meta:
        model = Session
        fields = ("title", "kind", "unit", "period", "held_on", "host", "state")
        order_by = "-held_on"


class WorkPlanTable(tables.Table):
    """Work plans of departments."""

    unit = tables.Column(linkify=("tracking:work_plan_detail", [tables.A("pk")]), orderable=False)
    period = tables.Column(orderable=False)
    state = BadgeColumn(hues=WORK_PLAN.hues, orderable=False)
    written_by = tables.Column(orderable=False)
    approved_by = tables.Column(orderable=False)

    class Meta:
        model = WorkPlan
        fields = ("unit", "period", "state", "written_by", "approved_by")
        order_by = "-id"


class RolloutTable(tables.Table):
    """Roll-out plans."""

    code = tables.Column(linkify=True, orderable=False)
    name = tables.Column(accessor="name", verbose_name=_("title"), orderable=False)
    unit = tables.Column(orderable=False)
    from_on = DayColumn(orderable=False)
    until_on = DayColumn(orderable=False)

    class Meta:
        model = RolloutPlan
        fields = ("code", "name", "unit", "from_on", "until_on")
        order_by = "-from_on"


class ResultTable(tables.Table):
    """What the targets of a contract have reached."""

    indicator = tables.Column(accessor="target__indicator", verbose_name=_("indicator"), orderable=False)
    weight = tables.Column(accessor="target__weight_bp", verbose_name=_("weight"), attrs=END, orderable=False)
    target = NumberColumn(accessor="target__target_e4", verbose_name=_("target"))
    actual = NumberColumn(accessor="actual_e4", verbose_name=_("reached"))
    points = tables.Column(accessor="points_e2", verbose_name=_("points"), attrs=END, orderable=False, empty_values=())
    sentence = tables.Column(verbose_name=_("why"), orderable=False)

    def render_weight(self, value: int) -> str:
        """Per cent."""
        return f"{number_text(value, decimals=2)} %"

    def render_points(self, value: int | None) -> Any:
        """Points with two decimals at most."""
        return number_text(value, decimals=2)
