"""Filters of the audit log: each follows an index, or narrows what an index has found."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import django_filters as filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.audit.models import Entry
from mainstay.core.door import ActionSpec, catalogue


def _actions() -> list[tuple[str, str]]:
    return [(name, f"{spec.title}") for name, spec in catalogue().items() if isinstance(spec, ActionSpec)]


class EntryFilter(filters.FilterSet):
    """By outcome, actor, action, subject and date."""

    outcome = filters.ChoiceFilter(choices=Entry.Outcome.choices, label=_("Outcome"))
    by = filters.ModelChoiceFilter(queryset=User.objects.select_related("person"), label=_("By"))
    action = filters.ChoiceFilter(choices=_actions, label=_("Action"))
    subject = filters.CharFilter(method="by_subject", label=_("Subject"))
    since = filters.DateFilter(method="from_day", label=_("From"))
    until = filters.DateFilter(method="to_day", label=_("Until"))

    class Meta:
        model = Entry
        fields = ("outcome", "by", "action")

    def by_subject(self, rows: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        """Match the whole subject, as it is written in the list."""
        return rows.filter(subject=value.strip())

    def from_day(self, rows: QuerySet[Entry], _name: str, value: date) -> QuerySet[Entry]:
        """Keep rows from a day on."""
        return rows.filter(at__gte=_midnight(value))

    def to_day(self, rows: QuerySet[Entry], _name: str, value: date) -> QuerySet[Entry]:
        """Keep rows up to a day."""
        return rows.filter(at__lt=_midnight(value + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
