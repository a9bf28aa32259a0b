"""Filters of the lists."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mainstay.gas.bank.forms import DAY
from mainstay.gas.bank.models import Bank, Difference, Entry, Statement, Withholding
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.money import parse_yuan


class EntryFilter(filters.FilterSet):
    """By bank, day (the newest with a message unless told), kind, answer; search by serial, account or amount."""

    q = filters.CharFilter(method="by_text", label=_("Search"))
    bank = filters.ModelChoiceFilter(queryset=Bank.objects.all(), label=_("bank"))
    business_on = filters.DateFilter(label=_("business date"), widget=DAY)
    kind = filters.ChoiceFilter(choices=Entry.Kind.choices, label=_("kind"))
    code = filters.ChoiceFilter(choices=Entry._meta.get_field("code").choices, label=_("answer"))

    class Meta:
        model = Entry
        fields = ("bank", "business_on", "kind", "code")

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        # One day is one range of the table; an account has an index of its own.
        data = data.copy() if data is not None else {}
        if not data.get("business_on") and not data.get("q"):
            newest = Entry.objects.order_by("-business_on").values_list("business_on", flat=True).first()
            data["business_on"] = (newest or local_today()).isoformat()
        super().__init__(data, *args, **kwargs)

    def by_text(self, rows: Any, _name: str, text: str) -> Any:
        """A serial, an account number, or an amount in yuan of the day."""
        text = text.strip()
        match = Q(account_no=text) | Q(serial=text) | Q(original=text)
        if "." in text and self.data.get("business_on"):
            try:
                match |= Q(amount_fen=parse_yuan(text))
            except Problem:
                return rows.none()
        return rows.filter(match)


class DifferenceFilter(filters.FilterSet):
    """Open ones unless told."""

    bank = filters.ModelChoiceFilter(queryset=Bank.objects.all(), label=_("bank"))
    business_on = filters.DateFilter(label=_("business date"), widget=DAY)
    state = filters.ChoiceFilter(choices=Difference.State.choices, label=_("state"))
    kind = filters.ChoiceFilter(choices=Difference.Class.choices, label=_("kind of difference"))

    class Meta:
        model = Difference
        fields = ("bank", "business_on", "state", "kind")

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        data = data.copy() if data is not None else {}
        if not any(data.get(name) for name in ("state", "business_on", "bank", "kind")):
            data["state"] = Difference.State.OPEN.value
        super().__init__(data, *args, **kwargs)


class StatementFilter(filters.FilterSet):
    """By bank and day."""

    business_on = filters.DateFilter(label=_("business date"), widget=DAY)

    class Meta:
        model = Statement
        fields = ("bank", "business_on")


class WithholdingFilter(filters.FilterSet):
    """By bank and state."""

    class Meta:
        model = Withholding
        fields = ("bank", "state")
