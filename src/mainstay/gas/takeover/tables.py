"""Lists of take-overs and of compared bills."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.gas.takeover.models import OldBill, Takeover
from mainstay.gas.takeover.states import TAKEOVER
from mainstay.web.pages import BadgeColumn, CodeColumn, CountColumn, DayColumn, MoneyColumn, MonthColumn, VolumeColumn

REASON_HUES = {
    "waiting": "grey", "equal": "green", "rounding": "blue", "counter": "amber", "no_tiers": "amber",
    "persons": "amber", "low_income": "amber", "old_price": "amber", "no_price": "red", "unknown": "red",
}  # fmt: skip


class TakeoverTable(tables.Table):
    """Take-overs, newest first."""

    name = tables.Column(linkify=True, orderable=False)
    unit = tables.Column(orderable=False)
    on = DayColumn(orderable=False)
    accounts = CountColumn(orderable=False)
    meters = CountColumn(orderable=False)
    debt_fen = MoneyColumn(verbose_name=_("unpaid (yuan)"), orderable=False)
    advance_fen = MoneyColumn(verbose_name=_("advances (yuan)"), orderable=False)
    state = BadgeColumn(hues=TAKEOVER.hues, orderable=False)

    class Meta:
        model = Takeover
        fields = ("name", "unit", "on", "accounts", "meters", "debt_fen", "advance_fen", "state")


class OldBillTable(tables.Table):
    """Compared bills by size of the difference."""

    account_no = CodeColumn(orderable=False)
    period = MonthColumn(verbose_name=_("period"), orderable=False)
    to_on = DayColumn(orderable=False)
    volume_l = VolumeColumn(verbose_name=_("volume (m³)"), orderable=False)
    year_before_l = VolumeColumn(verbose_name=_("year volume before (m³)"), orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("old amount (yuan)"), orderable=False)
    ours_fen = MoneyColumn(verbose_name=_("our amount (yuan)"), orderable=False)
    difference_fen = MoneyColumn(verbose_name=pgettext_lazy("bill", "difference (yuan)"), orderable=False)
    reason = BadgeColumn(hues=REASON_HUES, orderable=False)

    class Meta:
        model = OldBill
        fields = (
            "account_no", "period", "to_on", "volume_l", "year_before_l", "amount_fen", "ours_fen", "difference_fen",
            "reason",
        )  # fmt: skip
