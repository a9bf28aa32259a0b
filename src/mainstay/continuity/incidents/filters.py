"""Filters of the list of incidents."""

from __future__ import annotations

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.incidents.models import Incident
from mainstay.continuity.site.registry import MEASURES


class IncidentFilter(filters.FilterSet):
    """By state, grade, kind and measure."""

    measure = filters.ChoiceFilter(
        choices=lambda: [(key, f"{key} {one.title}") for key, one in MEASURES.items()], label=_("measure")
    )

    class Meta:
        model = Incident
        fields = ("state", "grade", "kind", "measure")
