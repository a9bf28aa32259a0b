"""Narrowing the compared bills."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from mainstay.gas.takeover.models import OldBill


class OldBillFilter(django_filters.FilterSet):
    """By account and reason; those that differ."""

    q = django_filters.CharFilter(field_name="account_no")
    reason = django_filters.ChoiceFilter(choices=OldBill.Reason.choices, label=_("Reason"))
    differing = django_filters.ChoiceFilter(
        method="only_differing", label=_("Show"), choices=[("1", _("only what differs"))]
    )

    class Meta:
        model = OldBill
        fields = ("reason",)

    def only_differing(self, rows: Any, _name: str, _value: str) -> Any:
        """Leave out what is equal."""
        return rows.exclude(reason=OldBill.Reason.EQUAL)
