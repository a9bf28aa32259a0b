"""Lists of cases."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.gas.accounts.models import Case
from mainstay.gas.accounts.states import CASE
from mainstay.kit import masking
from mainstay.web.pages import BadgeColumn, CodeColumn, DayColumn

KIND_HUES = {"opening": "blue", "transfer": "blue", "suspension": "amber", "restoration": "green", "closing": "grey"}


class CaseTable(tables.Table):
    """Cases, newest first."""

    number = CodeColumn(linkify=True, orderable=False)
    kind = BadgeColumn(hues=KIND_HUES, orderable=False)
    account = CodeColumn(
        linkify=("customers:account_detail", [tables.A("account_id")]), orderable=False, verbose_name=_("account")
    )
    name = tables.Column(empty_values=(), verbose_name=pgettext_lazy("customer", "name"), orderable=False)
    on = DayColumn(orderable=False)
    state = BadgeColumn(hues=CASE.hues, orderable=False)
    begun_by = tables.Column(orderable=False)

    class Meta:
        model = Case
        fields = ("number", "kind", "account", "name", "on", "state", "begun_by")

    def render_name(self, record: Case) -> str:
        """The customer, or the applicant; only the surname."""
        return masking.name(record.account.customer.name if record.account else record.facts.get("name", ""))

    value_name = render_name


class AccountCaseTable(tables.Table):
    """Cases of one account."""

    number = CodeColumn(linkify=True, orderable=False)
    kind = BadgeColumn(hues=KIND_HUES, orderable=False)
    on = DayColumn(orderable=False)
    state = BadgeColumn(hues=CASE.hues, orderable=False)
    other = tables.Column(empty_values=(), verbose_name=_("other account"), orderable=False)
    reason = tables.Column(orderable=False)

    class Meta:
        model = Case
        fields = ("number", "kind", "on", "state", "other", "reason")

    def render_other(self, record: Case) -> Any:
        """Of a transfer: where from, where to."""
        return f"{record.account} → {record.new_account}" if record.new_account else ""
