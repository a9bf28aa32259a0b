"""The list of audit rows, and of seals."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from mainstay.core.audit.models import Entry, Seal
from mainstay.core.audit.queries import title_of
from mainstay.web.pages import BadgeColumn, CodeColumn, CountColumn, InstantColumn, MoneyColumn

HUES = {"done": "green", "refused": "red", "filed": "amber"}


class EntryTable(tables.Table):
    """Acts and attempts."""

    at = InstantColumn(linkify=("audit:entry_detail", [tables.A("pk")]), orderable=False)
    by = tables.Column(orderable=False)
    action = tables.Column(orderable=False)
    outcome = BadgeColumn(hues=HUES, orderable=False)
    subject = CodeColumn(orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)
    reason = tables.Column(orderable=False)
    ip = CodeColumn(verbose_name=_("address"), orderable=False)

    class Meta:
        model = Entry
        fields = ("at", "by", "action", "outcome", "subject", "amount_fen", "reason", "ip")
        order_by = "-id"

    def render_action(self, value: str) -> Any:
        """Show the words of the action."""
        return title_of(value)


class SealTable(tables.Table):
    """Seals."""

    id = CountColumn(verbose_name=_("number"), orderable=False)
    sealed_at = InstantColumn(verbose_name=_("sealed at"), orderable=False)
    first_id = CountColumn(verbose_name=_("from row"), orderable=False)
    last_id = CountColumn(verbose_name=_("to row"), orderable=False)
    number = CountColumn(accessor="rows", verbose_name=_("rows"), orderable=False)
    chain = CodeColumn(verbose_name=_("chain"), orderable=False)

    class Meta:
        model = Seal
        fields = ("id", "sealed_at", "first_id", "last_id", "number", "chain")
        order_by = "-id"
