"""Filters of campaigns, assignments and targets."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Unit
from mainstay.core.organisation.queries import units_visible_to
from mainstay.inspection.campaigns import queries
from mainstay.inspection.campaigns.models import Assignment, Campaign, Inspection, Target
from mainstay.inspection.campaigns.models.plan import Class, Kind
from mainstay.kit.dates import local_today


def units(request: HttpRequest | None) -> Any:
    """Units the person sees."""
    if request is None or not request.user.is_authenticated:
        return Unit.objects.none()
    return units_visible_to(request.user, queries.VIEW)


class CampaignFilter(filters.FilterSet):
    """By kind and state, and what is behind its plan."""

    kind = filters.ChoiceFilter(choices=Kind.choices, label=_("Kind"))
    state = filters.ChoiceFilter(choices=Campaign.State.choices, label=_("State"))
    behind = filters.BooleanFilter(method="late", label=_("Behind plan"))

    class Meta:
        model = Campaign
        fields = ("kind", "state", "behind")

    def late(self, rows: Any, _name: str, value: bool) -> Any:
        """Those with targets whose day is over, or the others."""
        found = queries.behind(rows, local_today())
        return found if value else rows.exclude(pk__in=found.values("pk"))


class AssignmentFilter(filters.FilterSet):
    """By state, class, block and stair, and what is overdue."""

    state = filters.ChoiceFilter(choices=Assignment.State.choices, label=_("State"))
    klass = filters.ChoiceFilter(choices=Class.choices, label=_("Class"))
    group = filters.CharFilter(field_name="group__code", label=_("Group"))
    block = filters.CharFilter(label=_("Block"))
    stair = filters.CharFilter(label=_("Stair"))
    open = filters.BooleanFilter(method="to_do", label=_("Not covered"))
    due = filters.DateFilter(field_name="due_on", lookup_expr="lte", label=_("Due until"))
    reached = filters.BooleanFilter(
        field_name="reached_on", lookup_expr="isnull", exclude=True, label=pgettext_lazy("inspection", "Reached")
    )

    class Meta:
        model = Assignment
        fields = ("state", "klass", "group", "block", "stair", "open", "due", "reached")

    def to_do(self, rows: Any, _name: str, value: bool) -> Any:
        """Those neither inspected nor exempt, or the others."""
        return rows.to_do() if value else rows.filter(state__in=(Assignment.State.DONE, Assignment.State.EXEMPT))


class TargetFilter(filters.FilterSet):
    """By kind, class and unit."""

    kind = filters.ChoiceFilter(choices=Kind.choices, label=_("Kind"))
    klass = filters.ChoiceFilter(choices=Class.choices, label=_("Class"))
    unit = filters.ModelChoiceFilter(queryset=units, label=_("Owning unit"))

    class Meta:
        model = Target
        fields = ("kind", "klass", "unit")


class RecordFilter(filters.FilterSet):
    """By outcome and state, and what waits for the person's own word."""

    outcome = filters.ChoiceFilter(choices=Inspection.Outcome.choices, label=_("Outcome"))
    state = filters.ChoiceFilter(choices=Inspection.State.choices, label=_("State"))
    mine = filters.BooleanFilter(method="waiting", label=_("For me to confirm"))

    class Meta:
        model = Inspection
        fields = ("outcome", "state", "mine")

    def waiting(self, rows: Any, _name: str, value: bool) -> Any:
        """Those that wait for the person who leads the group, or the others."""
        found = queries.to_confirm(self.request.user, rows)
        return found if value else rows.exclude(pk__in=found.values("pk"))
