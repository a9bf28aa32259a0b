"""Filters of the lists."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from mainstay.kit.dates import local_today
from mainstay.performance.tracking.models import Action, Actual, Session


class ActionFilter(filters.FilterSet):
    """By whose, kind and state."""

    whose = filters.ChoiceFilter(
        choices=[("owner", _("mine to do")), ("checker", _("mine to check")), ("overdue", _("overdue"))],
        method="by_whose",
        label=_("Whose"),
    )
    kind = filters.ChoiceFilter(choices=Action.Kind.choices, label=_("Kind"))
    state = filters.ChoiceFilter(choices=Action.State.choices, label=_("State"))

    class Meta:
        model = Action
        fields = ("whose", "kind", "state")

    def by_whose(self, rows: Any, _name: str, value: str) -> Any:
        """The own, those to check, or the late ones."""
        if value == "overdue":
            return rows.overdue(local_today())
        return rows.filter(**{value: getattr(self.request.user, "person_id", None) or 0})


class ActualFilter(filters.FilterSet):
    """By state."""

    state = filters.ChoiceFilter(choices=Actual.State.choices, label=_("State"))

    class Meta:
        model = Actual
        fields = ("state",)


class SessionFilter(filters.FilterSet):
    """By kind and state."""

    kind = filters.ChoiceFilter(choices=Session.Kind.choices, label=_("Kind"))
    state = filters.ChoiceFilter(choices=Session.State.choices, label=_("State"))

    class Meta:
        model = Session
        fields = ("kind", "state")
