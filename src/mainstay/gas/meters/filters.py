"""Filters of lists of meters."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Unit
from mainstay.core.organisation.queries import units_visible_to
from mainstay.gas.meters.models import Installation, Meter
from mainstay.gas.meters.queries import VIEW
from mainstay.gas.meters.rules import tidy_number


def _units(request: HttpRequest | None) -> QuerySet[Unit]:
    if request is None or not request.user.is_authenticated:
        return Unit.objects.none()
    return units_visible_to(request.user, VIEW)


def _day(name: str, how: str, label: Any) -> filters.DateFilter:
    return filters.DateFilter(
        field_name=name, lookup_expr=how, label=label, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class MeterFilter(filters.FilterSet):
    """By the beginning of the number, state, kind and branch."""

    q = filters.CharFilter(method="numbered", label=_("Meter number"))
    state = filters.ChoiceFilter(method="in_state", choices=Meter.State.choices, label=_("State"))
    kind = filters.ChoiceFilter(choices=Meter.Kind.choices, label=_("Kind"))
    unit = filters.ModelChoiceFilter(queryset=_units, label=_("Branch"))

    class Meta:
        model = Meter
        fields = ("q", "state", "kind", "unit")

    def numbered(self, rows: Any, _name: str, text: str) -> Any:
        """Meters whose number begins so."""
        return rows.numbered(tidy_number(text) or text.strip().upper())

    def in_state(self, rows: Any, _name: str, state: str) -> Any:
        """Meters in a state. The second condition is that of the index of meters that hang nowhere."""
        rows = rows.filter(state=state)
        return rows if state == Meter.State.INSTALLED else rows.exclude(state=Meter.State.INSTALLED)


class DueFilter(filters.FilterSet):
    """By the day on which the verification ends, kind and branch."""

    since = _day("meter__verified_until", "gte", _("Ends from"))
    until = _day("meter__verified_until", "lte", _("Ends until"))
    kind = filters.ChoiceFilter(field_name="meter__kind", choices=Meter.Kind.choices, label=_("Kind"))
    unit = filters.ModelChoiceFilter(field_name="meter__unit", queryset=_units, label=_("Branch"))

    class Meta:
        model = Installation
        fields = ("since", "until", "kind", "unit")
