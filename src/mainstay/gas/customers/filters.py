"""Filters of accounts and areas."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Unit
from mainstay.core.organisation.queries import units_visible_to
from mainstay.gas.customers.models import Account, Area
from mainstay.gas.customers.queries import VIEW_ACCOUNT, search_account_ids

FOUND_AT_MOST = 200


def _branches(request: Any) -> QuerySet[Unit]:
    return units_visible_to(request.user, VIEW_ACCOUNT).filter(closed_on=None).order_by("path")


class AccountFilter(filters.FilterSet):
    """By anything the search knows, by state, category and branch."""

    q = filters.CharFilter(method="search", label=_("Search"))
    state = filters.ChoiceFilter(choices=Account.State.choices, label=_("state"))
    category = filters.ChoiceFilter(choices=Account.Category.choices, label=_("category"))
    unit = filters.ModelChoiceFilter(queryset=_branches, label=pgettext_lazy("account", "branch"))

    class Meta:
        model = Account
        fields = ("state", "category", "unit")

    def search(self, rows: QuerySet[Account], _name: str, value: str) -> QuerySet[Account]:
        """Keep what the search finds: index probes give few keys, the list shows those."""
        return rows.filter(pk__in=search_account_ids(self.request.user, value, limit=FOUND_AT_MOST))


class AreaFilter(filters.FilterSet):
    """By name, initials and kind."""

    q = filters.CharFilter(method="search", label=_("Search"))
    kind = filters.ChoiceFilter(choices=Area.Kind.choices, label=_("kind"))

    class Meta:
        model = Area
        fields = ("kind",)

    def search(self, rows: QuerySet[Area], _name: str, value: str) -> QuerySet[Area]:
        """Find by a part of the name or the beginning of the initials."""
        return rows.filter(Q(name__contains=value.strip()) | Q(initials__startswith=value.strip().lower()))
