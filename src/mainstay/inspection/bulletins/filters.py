"""Filters of papers."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mainstay.inspection.bulletins import queries
from mainstay.inspection.bulletins.models import Paper


class PaperFilter(filters.FilterSet):
    """By kind and state, and what waits for the person's own seal or acknowledgement."""

    kind = filters.ChoiceFilter(choices=Paper.Kind.choices, label=_("Kind"))
    state = filters.ChoiceFilter(choices=Paper.State.choices, label=_("State"))
    waits = filters.BooleanFilter(method="mine", label=_("Waits for me"))

    class Meta:
        model = Paper
        fields = ("kind", "state", "waits")

    def mine(self, rows: Any, _name: str, value: bool) -> Any:
        """Those that wait for the person, or the others."""
        user = self.request.user
        found = Q(pk__in=queries.to_seal(user)) | Q(pk__in=queries.to_acknowledge(user).values("pk"))
        return rows.filter(found if value else ~found)
