"""The list of vouchers."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from mainstay.gas.ledger.models import Voucher
from mainstay.web.pages import CodeColumn, CountColumn, DayColumn, InstantColumn, MoneyColumn


class VoucherTable(tables.Table):
    """Vouchers, newest day first."""

    number = CodeColumn(linkify=("ledger:voucher_detail", [tables.A("pk")]), orderable=False)
    business_on = DayColumn(orderable=False)
    unit = tables.Column(orderable=False)
    postings = CountColumn(orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)
    made_by = tables.Column(orderable=False)
    made_at = InstantColumn(orderable=False)

    class Meta:
        model = Voucher
        fields = ("number", "business_on", "unit", "postings", "amount_fen", "made_by", "made_at")
        order_by = "-business_on"
