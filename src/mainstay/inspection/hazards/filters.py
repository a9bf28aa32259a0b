"""Filters of hazards and notices."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from mainstay.inspection.campaigns.filters import units
from mainstay.inspection.hazards.models import Hazard, Notice
from mainstay.kit.dates import local_today

LEVELS = [("general", _("general hazard")), ("major", _("serious hazard"))]


class HazardFilter(filters.FilterSet):
    """By state, level, unit, campaign, item; overdue or come back."""

    state = filters.ChoiceFilter(choices=Hazard.State.choices, label=_("State"))
    level = filters.ChoiceFilter(choices=LEVELS, label=_("Level"))
    unit = filters.ModelChoiceFilter(queryset=units, label=_("Responsible unit"))
    overdue = filters.BooleanFilter(method="over", label=_("Overdue"))
    open = filters.BooleanFilter(method="unfinished", label=_("Open"))
    repeat = filters.BooleanFilter(field_name="repeat_of", lookup_expr="isnull", exclude=True, label=_("Came back"))
    campaign = filters.NumberFilter(label=_("Campaign"))
    item = filters.CharFilter(field_name="item_code", label=_("Item"))

    class Meta:
        model = Hazard
        fields = ("state", "level", "unit", "overdue", "open", "repeat", "campaign", "item")

    def over(self, rows: Any, _name: str, value: bool) -> Any:
        """Those over their deadline."""
        return rows.overdue(local_today()) if value else rows

    def unfinished(self, rows: Any, _name: str, value: bool) -> Any:
        """Those not yet written off."""
        return rows.unfinished() if value else rows.filter(state="closed")


class NoticeFilter(filters.FilterSet):
    """By state and unit."""

    state = filters.ChoiceFilter(choices=Notice.State.choices, label=_("State"))
    unit = filters.ModelChoiceFilter(queryset=units, label=_("Responsible unit"))

    class Meta:
        model = Notice
        fields = ("state", "unit")
