"""Lists of payments and shifts."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.gas.payments.models import Payment, Shift, Till
from mainstay.web.pages import BadgeColumn, CodeColumn, DayColumn, InstantColumn, MoneyColumn
from mainstay.web.pages.addresses import place

KIND_HUES = {Payment.Kind.PAYMENT: "green", Payment.Kind.REVERSAL: "red", Payment.Kind.REFUND: "amber"}
BANKS = "bank:"
CHANNELS = {"counter": _("counter"), "office": _("office"), "card": _("IC card sale")}


def channel_name(channel: str) -> Any:
    """The name of a channel for reading; "bank:…" is the line of a bank."""
    if channel.startswith(BANKS):
        return _("bank line %(bank)s") % {"bank": channel.removeprefix(BANKS)}
    return CHANNELS.get(channel, channel)


SHIFT_HUES = {Shift.State.OPEN: "blue", Shift.State.CLOSED: "amber", Shift.State.ACCEPTED: "green"}


class PaymentTable(tables.Table):
    """Payments of a day, newest first."""

    receipt_no = CodeColumn(empty_values=(), verbose_name=_("receipt"), orderable=False)
    kind = BadgeColumn(hues=KIND_HUES, orderable=False)
    account = CodeColumn(
        accessor="account__account_no", verbose_name=_("account number"), orderable=False,
        linkify=("customers:account_detail", [tables.A("account_id")]),
    )  # fmt: skip
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)
    advance_fen = MoneyColumn(verbose_name=_("to advance (yuan)"), orderable=False)
    tender = tables.Column(orderable=False)
    channel = tables.Column(orderable=False)
    by = tables.Column(orderable=False, verbose_name=_("by"))
    at = InstantColumn(orderable=False)

    class Meta:
        model = Payment
        fields = ("receipt_no", "kind", "account", "amount_fen", "advance_fen", "tender", "channel", "by", "at")
        order_by = "-at"

    def render_channel(self, value: str) -> Any:
        """The counter in the reader's words; other channels by their own name."""
        return channel_name(value)

    def render_receipt_no(self, record: Payment) -> Any:
        """The receipt, else the payment's own number, leading to the payment."""
        url = place("payments:payment_detail", record.account_id, record.payment_no)
        return format_html('<a href="{}">{}</a>', url, record.receipt_no or record)

    def value_receipt_no(self, record: Payment) -> str:
        """The same for a sheet."""
        return record.receipt_no or str(record)


class ShiftTable(tables.Table):
    """Shifts, newest first."""

    till = CodeColumn(accessor="till__code", linkify=("payments:shift_detail", [tables.A("pk")]), orderable=False)
    clerk = tables.Column(orderable=False)
    business_on = DayColumn(orderable=False)
    state = BadgeColumn(hues=SHIFT_HUES, orderable=False)
    expected_fen = MoneyColumn(verbose_name=_("expected (yuan)"), orderable=False)
    counted_fen = MoneyColumn(verbose_name=_("counted (yuan)"), orderable=False)
    difference = MoneyColumn(verbose_name=_("difference (yuan)"), empty_values=(), orderable=False)
    accepted_by = tables.Column(orderable=False)

    class Meta:
        model = Shift
        fields = (
            "till", "clerk", "business_on", "state", "expected_fen", "counted_fen", "difference", "accepted_by",
        )  # fmt: skip
        order_by = "-id"

    def render_difference(self, record: Shift) -> Any:
        """Counted less expected, once there is a count."""
        if record.counted_fen is None or record.expected_fen is None:
            return "—"
        return MoneyColumn().render(record.counted_fen - record.expected_fen)

    def value_difference(self, record: Shift) -> Any:
        """The same for a sheet."""
        if record.counted_fen is None or record.expected_fen is None:
            return None
        return record.counted_fen - record.expected_fen


class TillTable(tables.Table):
    """Counter windows."""

    code = CodeColumn(linkify=("payments:till_change", [tables.A("pk")]), orderable=False)
    name = tables.Column(accessor="name", verbose_name=pgettext_lazy("thing", "name"), orderable=False)
    unit = tables.Column(orderable=False)

    class Meta:
        model = Till
        fields = ("code", "name", "unit")
        order_by = "code"
