"""Filters of the inbox."""

from __future__ import annotations

import django_filters as filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.todos.models import Todo

WHOSE = [("mine", _("mine")), ("shared", _("my units"))]
DUE = [("overdue", _("overdue")), ("dated", _("with a due date"))]


class TodoFilter(filters.FilterSet):
    """By whose it is and when it is due."""

    whose = filters.ChoiceFilter(choices=WHOSE, method="by_whose", label=_("For"))
    due = filters.ChoiceFilter(choices=DUE, method="by_due", label=_("Due"))

    class Meta:
        model = Todo
        fields: tuple[str, ...] = ()

    def by_whose(self, rows: QuerySet[Todo], _name: str, value: str) -> QuerySet[Todo]:
        """Keep one's own, or the shared ones."""
        return rows.filter(user__isnull=value == "shared")

    def by_due(self, rows: QuerySet[Todo], _name: str, value: str) -> QuerySet[Todo]:
        """Keep what is late, or what has a date."""
        return rows.filter(due_at__lt=timezone.now()) if value == "overdue" else rows.filter(due_at__isnull=False)
