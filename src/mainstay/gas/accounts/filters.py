"""Narrowing the list of cases."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mainstay.gas.accounts.models import Case


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
