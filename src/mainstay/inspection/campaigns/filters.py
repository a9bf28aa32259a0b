"""Filters of campaigns, assignments and targets."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Unit
from mainstay.core.organisation.queries import units_visible_to
from mainstay.inspection.campaigns.models import Assignment, Campaign, Inspection, Target
from mainstay.inspection.campaigns.models.plan import Class, Kind
from mainstay.inspection.campaigns.queries import VIEW


def units(request: HttpRequest | None) -> Any:
    """Units the person sees."""
    if request is None or not request.user.is_authenticated:
        return Unit.objects.none()
    return units_visible_to(request.user, VIEW)


class CampaignFilter(filters.FilterSet):
    """By kind and state."""

    kind = filters.ChoiceFilter(choices=Kind.choices, label=_("Kind"))
    state = filters.ChoiceFilter(choices=Campaign.State.choices, label=_("State"))

    class Meta:
        model = Campaign
        fields = ("kind", "state")


class AssignmentFilter(filters.FilterSet):
    """By state, class, block and stair, and what is overdue."""

    state = filters.ChoiceFilter(choices=Assignment.State.choices, label=_("State"))
    klass = filters.ChoiceFilter(choices=Class.choices, label=_("Class"))
    group = filters.CharFilter(field_name="group__code", label=_("Group"))
    block = filters.CharFilter(label=_("Block"))
    stair = filters.CharFilter(label=_("Stair"))
    due = filters.DateFilter(field_name="due_on", lookup_expr="lte", label=_("Due until"))
    reached = filters.BooleanFilter(
        field_name="reached_on", lookup_expr="isnull", exclude=True, label=_("Homes reached")
    )

    class Meta:
        model = Assignment
        fields = ("state", "klass", "group", "block", "stair", "due", "reached")


class TargetFilter(filters.FilterSet):
    """By kind, class and unit."""

    kind = filters.ChoiceFilter(choices=Kind.choices, label=_("Kind"))
    klass = filters.ChoiceFilter(choices=Class.choices, label=_("Class"))
    unit = filters.ModelChoiceFilter(queryset=units, label=_("Owning unit"))

    class Meta:
        model = Target
        fields = ("kind", "klass", "unit")


class RecordFilter(filters.FilterSet):
    """By outcome and state."""

    outcome = filters.ChoiceFilter(choices=Inspection.Outcome.choices, label=_("Outcome"))
    state = filters.ChoiceFilter(choices=Inspection.State.choices, label=_("State"))

    class Meta:
        model = Inspection
        fields = ("outcome", "state")
