"""Lists of plans."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from mainstay.performance.plans.models import Contract, Target
from mainstay.performance.plans.rules import bp_text, number_text
from mainstay.performance.plans.states import CONTRACT
from mainstay.web.pages import BadgeColumn, CodeColumn, CountColumn

END = {"th": {"class": "ms-end"}, "td": {"class": "ms-end ms-num"}}


class NumberColumn(tables.Column):
    """An indicator's value (1/10000 of its unit) as people read it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, attrs=END, **{"orderable": False, "empty_values": (), **kwargs})

    def render(self, value: int | None) -> str:
        """The number, a dash for none."""
        return number_text(value)

    value = render


class ShareColumn(tables.Column):
    """Basis points as per cent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, attrs=END, **{"orderable": False, **kwargs})

    def render(self, value: int) -> str:
        """Per cent."""
        return bp_text(value)

    value = render


class ContractTable(tables.Table):
    """Contracts by period and unit."""

    number = CodeColumn(linkify=True, orderable=False)
    period = tables.Column(orderable=False)
    kind = tables.Column(orderable=False)
    unit = tables.Column(orderable=False)
    person = tables.Column(orderable=False)
    party_a = tables.Column(orderable=False)
    state = BadgeColumn(hues=CONTRACT.hues, orderable=False)
    version = CountColumn(orderable=False)

    class Meta:
        model = Contract
        fields = ("number", "period", "kind", "unit", "person", "party_a", "state", "version")
        order_by = "-id"


class TargetTable(tables.Table):
    """Targets of a contract."""

    indicator = tables.Column(orderable=False)
    unit = tables.Column(accessor="indicator__unit_zh", verbose_name=_("unit of measure"), orderable=False)
    weight_bp = ShareColumn(verbose_name=_("weight"))
    threshold_e4 = NumberColumn(verbose_name=_("threshold"))
    target_e4 = NumberColumn(verbose_name=_("target"))
    challenge_e4 = NumberColumn(verbose_name=_("challenge"))

    class Meta:
        model = Target
        fields = ("indicator", "unit", "weight_bp", "threshold_e4", "target_e4", "challenge_e4")
