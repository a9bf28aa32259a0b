"""Narrowing the lists."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mainstay.gas.accounts.models import Case, Contract, Relief
from mainstay.kit.dates import local_today


class CaseFilter(django_filters.FilterSet):
    """By number or account, kind, state, day."""

    q = django_filters.CharFilter(method="matching")
    kind = django_filters.ChoiceFilter(choices=Case.Kind.choices, label=_("Kind"))
    state = django_filters.ChoiceFilter(choices=Case.State.choices, label=_("State"))

    class Meta:
        model = Case
        fields = ("kind", "state")

    def matching(self, rows: Any, _name: str, text: str) -> Any:
        """Case number, or number of the old or the new account."""
        wanted = text.strip()
        return rows.filter(
            Q(number=wanted) | Q(account__account_no=wanted) | Q(new_account__account_no=wanted)
        )  # fmt: skip


class _Dated(django_filters.FilterSet):
    """What ends: by text, state, and the days left."""

    q = django_filters.CharFilter(method="matching")
    ending = django_filters.ChoiceFilter(
        method="within", label=_("Ends"), choices=[(30, _("within 30 days")), (60, _("within 60 days")), (0, _("past"))]
    )
    texts: tuple[str, ...] = ()

    def matching(self, rows: Any, _name: str, text: str) -> Any:
        """Any of the texts."""
        match = Q()
        for name in self.texts:
            match |= Q(**{name: text.strip()})
        return rows.filter(match)

    def within(self, rows: Any, _name: str, days: str) -> Any:
        """Last day within so many days, or past."""
        today = local_today()
        if int(days) == 0:
            return rows.filter(until_on__lt=today)
        return rows.ending(today, today + timedelta(days=int(days)))


class ReliefFilter(_Dated):
    """Approvals."""

    kind = django_filters.ChoiceFilter(choices=Relief.Kind.choices, label=_("Kind"))
    state = django_filters.ChoiceFilter(choices=Relief.State.choices, label=_("State"))
    texts = ("account__account_no", "certificate_no")

    class Meta:
        model = Relief
        fields = ("kind", "state")


class ContractFilter(_Dated):
    """Contracts."""

    state = django_filters.ChoiceFilter(choices=Contract.State.choices, label=_("State"))
    texts = ("account__account_no", "number", "account__customer__name__startswith")

    class Meta:
        model = Contract
        fields = ("state",)
