"""Filters of papers."""

from __future__ import annotations

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from mainstay.inspection.bulletins.models import Paper


class PaperFilter(filters.FilterSet):
    """By kind and state."""

    kind = filters.ChoiceFilter(choices=Paper.Kind.choices, label=_("Kind"))
    state = filters.ChoiceFilter(choices=Paper.State.choices, label=_("State"))

    class Meta:
        model = Paper
        fields = ("kind", "state")
