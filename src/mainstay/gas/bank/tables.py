"""Lists."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mainstay.core.door import rights
from mainstay.gas.bank.models import Agreement, Bank, Difference, Entry, Statement, Withholding, WithholdingLine
from mainstay.gas.bank.rules.files import TAKEN
from mainstay.gas.bank.rules.messages import Code
from mainstay.kit import masking
from mainstay.kit.dates import local_today
from mainstay.web.pages import BadgeColumn, CodeColumn, CountColumn, DayColumn, InstantColumn, MaskedColumn, MoneyColumn
from mainstay.web.templatetags.mainstay import badge

ANSWER_HUES = {one.value: "amber" for one in Code} | {"00": "green", "94": "red"}
KIND_HUES = {Entry.Kind.PAY: "blue", Entry.Kind.REVERSAL: "amber"}
STATE_HUES = {"open": "red", "settled": "green", "gone": "grey"}
CLASS_HUES = {"bank_only": "amber", "ours_only": "red", "differs": "amber"}
BATCH_HUES = {"made": "blue", "returned": "green"}


class BankTable(tables.Table):
    """Banks."""

    code = CodeColumn(linkify=True, orderable=False)
    name = tables.Column(accessor="name", verbose_name=_("bank"), orderable=False)
    unit = tables.Column(orderable=False)
    layout = tables.Column(orderable=False)
    mac_method = tables.Column(orderable=False)
    business_on = DayColumn(orderable=False)
    active = tables.BooleanColumn(orderable=False)

    class Meta:
        model = Bank
        fields = ("code", "name", "unit", "layout", "mac_method", "business_on", "active")


class EntryTable(tables.Table):
    """The journal, newest first."""

    serial = CodeColumn(orderable=False)
    bank = tables.Column(accessor="bank__code", verbose_name=_("bank"), orderable=False)
    kind = BadgeColumn(hues=KIND_HUES, orderable=False)
    account_no = CodeColumn(orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)
    code = BadgeColumn(hues=ANSWER_HUES, orderable=False)
    original = CodeColumn(orderable=False)
    business_on = DayColumn(orderable=False)
    at = InstantColumn(orderable=False)

    class Meta:
        model = Entry
        fields = ("serial", "bank", "kind", "account_no", "amount_fen", "code", "original", "business_on", "at")
        order_by = "-at"

    def render_serial(self, record: Entry) -> Any:
        """Leads to the message."""
        url = reverse("bank:entry_detail", args=[record.bank_id, record.business_on.isoformat(), record.serial])
        return format_html('<a href="{}">{}</a>', url, record.serial)

    def value_serial(self, record: Entry) -> str:
        """The same for a sheet."""
        return record.serial


class StatementTable(tables.Table):
    """Bank files, newest day first."""

    business_on = DayColumn(linkify=True, orderable=False)
    bank = tables.Column(accessor="bank__name", verbose_name=_("bank"), orderable=False)
    rows = CountColumn(orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("sum (yuan)"), orderable=False)
    matched = CountColumn(orderable=False)
    bank_only = CountColumn(orderable=False)
    ours_only = CountColumn(orderable=False)
    differs = CountColumn(orderable=False)
    by = tables.Column(orderable=False)
    at = InstantColumn(orderable=False)

    class Meta:
        model = Statement
        fields = ("business_on", "bank", "rows", "amount_fen", "matched", "bank_only", "ours_only", "differs", "by",
                  "at")  # fmt: skip


class ProposalColumn(BadgeColumn):
    """The state of a difference; an open one with a proposal waits for the second person."""

    def render(self, record: Difference, value: Any, bound_column: Any) -> Any:
        """The badge."""
        if _waits(record):
            return badge(_("waits for approval"), "amber")
        return super().render(record, value, bound_column)

    def value(self, record: Difference, bound_column: Any) -> str:
        """The same in a sheet."""
        return str(_("waits for approval")) if _waits(record) else super().value(record, bound_column)


def _waits(record: Difference) -> bool:
    return record.state == Difference.State.OPEN and bool(getattr(record, "waits", False))


class DifferenceTable(tables.Table):
    """Differences, the oldest first."""

    serial = CodeColumn(linkify=True, orderable=False)
    business_on = DayColumn(orderable=False)
    bank = tables.Column(accessor="bank__code", verbose_name=_("bank"), orderable=False)
    kind = BadgeColumn(hues=CLASS_HUES, orderable=False)
    account_no = CodeColumn(orderable=False)
    bank_fen = MoneyColumn(verbose_name=_("bank (yuan)"), orderable=False)
    ours_fen = MoneyColumn(verbose_name=_("ours (yuan)"), orderable=False)
    age = tables.Column(verbose_name=_("age"), empty_values=(), orderable=False)
    state = ProposalColumn(hues=STATE_HUES, orderable=False)
    way = tables.Column(orderable=False)

    class Meta:
        model = Difference
        fields = ("serial", "business_on", "bank", "kind", "account_no", "bank_fen", "ours_fen", "age", "state", "way")

    def render_age(self, record: Difference) -> str:
        """Days since the business date, or until it was settled."""
        days = ((record.settled_on or local_today()) - record.business_on).days
        return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


class AgreementTable(tables.Table):
    """Agreements, newest first."""

    agreement_no = CodeColumn(orderable=False)
    bank = tables.Column(accessor="bank__name", verbose_name=_("bank"), orderable=False)
    account = CodeColumn(accessor="account__account_no", verbose_name=_("account number"), orderable=False)
    payer = MaskedColumn(masking.name, orderable=False)
    card_tail = CodeColumn(orderable=False)
    from_on = DayColumn(orderable=False)
    until_on = DayColumn(orderable=False)
    end = tables.Column(verbose_name="", empty_values=(), orderable=False, exclude_from_export=True)

    class Meta:
        model = Agreement
        fields = ("agreement_no", "bank", "account", "payer", "card_tail", "from_on", "until_on")

    def render_end(self, record: Agreement) -> Any:
        """The way to its end, for who may end it."""
        if record.until_on or not rights.allowed(self.request.user, "gas.bank.end_agreement"):
            return ""
        url = reverse("bank:agreement_end", args=[record.pk])
        return format_html('<a class="btn btn-sm" href="{}">{}</a>', url, _("End agreement"))


class WithholdingTable(tables.Table):
    """Batches, newest first."""

    batch_no = CodeColumn(linkify=True, orderable=False)
    bank = tables.Column(accessor="bank__name", verbose_name=_("bank"), orderable=False)
    business_on = DayColumn(orderable=False)
    state = BadgeColumn(hues=BATCH_HUES, orderable=False)
    rows = CountColumn(orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("sum (yuan)"), orderable=False)
    taken = CountColumn(orderable=False)
    taken_fen = MoneyColumn(verbose_name=_("taken by the bank (yuan)"), orderable=False)
    made_by = tables.Column(orderable=False)

    class Meta:
        model = Withholding
        fields = ("batch_no", "bank", "business_on", "state", "rows", "amount_fen", "taken", "taken_fen", "made_by")


class WithholdingLineTable(tables.Table):
    """Lines of a batch."""

    line_no = CountColumn(verbose_name=_("line"), orderable=False)
    agreement = CodeColumn(accessor="agreement__agreement_no", orderable=False)
    account = CodeColumn(accessor="account__account_no", verbose_name=_("account number"), orderable=False)
    payer = MaskedColumn(masking.name, accessor="agreement__payer", verbose_name=_("payer"))
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)
    result = tables.Column(orderable=False)
    note = tables.Column(orderable=False)

    class Meta:
        model = WithholdingLine
        fields = ("line_no", "agreement", "account", "payer", "amount_fen", "result", "note")

    def render_result(self, value: str) -> Any:
        """Taken or not, with the bank's own result."""
        if value == TAKEN:
            return _("taken by the bank")
        return format_html("{} {}", _("not taken:"), value)
