"""Filters of the lists."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.gas.customers.models import Account
from mainstay.gas.payments.models import Payment, Shift
from mainstay.gas.payments.tables import BANKS, CHANNELS, channel_name
from mainstay.kit.dates import local_today


class PaymentFilter(filters.FilterSet):
    """By day (today unless told), kind, way of paying; search by receipt or account number."""

    q = filters.CharFilter(method="by_number", label=_("Search"))
    business_on = filters.DateFilter(label=_("business date"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = filters.ChoiceFilter(choices=Payment.Kind.choices, label=_("kind"))
    tender = filters.ChoiceFilter(choices=Payment.Tender.choices, label=_("tender"))
    channel = filters.ChoiceFilter(method="by_channel", label=_("channel"))

    class Meta:
        model = Payment
        fields = ("business_on", "kind", "tender")

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        # One day's payments are one range of the table; without a day or an account the whole history would be sorted.
        data = data.copy() if data is not None else {}
        if not data.get("business_on") and not data.get("q"):
            data["business_on"] = local_today().isoformat()
        super().__init__(data, *args, **kwargs)
        self.filters["channel"].extra["choices"] = self.channels()

    def channels(self) -> list[tuple[str, Any]]:
        """The channels by name, with the one that the address asks for."""
        known = {**CHANNELS, BANKS: _("all bank lines")}
        asked = self.data.get("channel")
        if asked and asked not in known:
            known[asked] = channel_name(asked)
        return list(known.items())

    def by_channel(self, rows: Any, _name: str, channel: str) -> Any:
        """One channel, or the lines of all banks."""
        return rows.filter(channel__startswith=BANKS) if channel == BANKS else rows.filter(channel=channel)

    def by_number(self, rows: Any, _name: str, text: str) -> Any:
        """An account number as it is, or a receipt number: its till and day lead to its shift."""
        text = text.strip()
        till, _dash, rest = text.partition("-")
        if len(rest) >= 8 and rest[:8].isdigit():  # noqa: PLR2004  # W01-20261123-0007
            day = f"{rest[:4]}-{rest[4:6]}-{rest[6:8]}"
            shifts = Shift.objects.filter(till__code=till.upper(), business_on=day)
            return rows.filter(shift__in=list(shifts), receipt_no__startswith=text.upper())
        account = Account.objects.filter(account_no=text).values_list("pk", flat=True).first()
        return rows.filter(account=account) if account else rows.none()


class ShiftFilter(filters.FilterSet):
    """By day and state."""

    business_on = filters.DateFilter(label=_("business date"), widget=forms.DateInput(attrs={"type": "date"}))
    state = filters.ChoiceFilter(choices=Shift.State.choices, label=_("state"))

    class Meta:
        model = Shift
        fields = ("business_on", "state")
