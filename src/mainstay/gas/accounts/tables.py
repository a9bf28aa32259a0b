"""Lists of cases, approvals, contracts and differences of master meters.

The column of names is headed "customer", which fits firms and persons.
"""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from mainstay.gas.accounts.models import Case, Contract, MeterDifference, Relief
from mainstay.gas.accounts.states import CASE
from mainstay.web.pages import (
    BadgeColumn,
    CodeColumn,
    CountColumn,
    DayColumn,
    MoneyColumn,
    NameColumn,
    PriceColumn,
    VolumeColumn,
)

KIND_HUES = {"opening": "blue", "transfer": "blue", "suspension": "amber", "restoration": "green", "closing": "grey"}
OUTCOME_HUES = {"billed": "green", "reported": "blue", "waiting": "amber", "negative": "red"}
DATED_HUES = {"held": "green", "ended": "grey"}


class CaseTable(tables.Table):
    """Cases, newest first."""

    number = CodeColumn(linkify=True, orderable=False)
    kind = BadgeColumn(hues=KIND_HUES, orderable=False)
    account = CodeColumn(
        linkify=("customers:account_detail", [tables.A("account_id")]), orderable=False, verbose_name=_("account")
    )
    name = tables.Column(empty_values=(), verbose_name=_("customer"), orderable=False)
    on = DayColumn(orderable=False)
    state = BadgeColumn(hues=CASE.hues, orderable=False)
    begun_by = tables.Column(orderable=False)

    class Meta:
        model = Case
        fields = ("number", "kind", "account", "name", "on", "state", "begun_by")

    def render_name(self, record: Case) -> str:
        """The customer, or the applicant."""
        return record.shown_name

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
        empty_text = _("No cases yet.")

    def render_other(self, record: Case) -> Any:
        """Of a transfer: where from, where to."""
        return f"{record.account} → {record.new_account}" if record.new_account else ""


class ReliefTable(tables.Table):
    """Approvals; those that end first come first on request."""

    certificate_no = CodeColumn(linkify=True, orderable=False)
    account = CodeColumn(linkify=("customers:account_detail", [tables.A("account_id")]), orderable=False)
    name = NameColumn(accessor="account__customer__shown_name", verbose_name=_("customer"), orderable=False)
    kind = tables.Column(orderable=False)
    persons = CountColumn(orderable=False)
    from_on = DayColumn(orderable=False)
    until_on = DayColumn()
    state = BadgeColumn(hues=DATED_HUES, orderable=False)

    class Meta:
        model = Relief
        fields = ("certificate_no", "account", "name", "kind", "persons", "from_on", "until_on", "state")


class ContractTable(tables.Table):
    """Contracts; those that end first come first on request."""

    number = CodeColumn(linkify=True, orderable=False)
    account = CodeColumn(linkify=("customers:account_detail", [tables.A("account_id")]), orderable=False)
    name = tables.Column(accessor="account__customer__name", verbose_name=_("customer"), orderable=False)
    price_e4 = PriceColumn(verbose_name=_("Agreed price (yuan/m³)"), orderable=False)
    deposit_fen = MoneyColumn(verbose_name=_("Deposit agreed (yuan)"), orderable=False)
    from_on = DayColumn(orderable=False)
    until_on = DayColumn()
    state = BadgeColumn(hues=DATED_HUES, orderable=False)

    class Meta:
        model = Contract
        fields = ("number", "account", "name", "price_e4", "deposit_fen", "from_on", "until_on", "state")


class DifferenceTable(tables.Table):
    """Differences of master meters, newest month first."""

    account = CodeColumn(linkify=("customers:account_detail", [tables.A("account_id")]), orderable=False)
    period = CodeColumn(orderable=False)
    master_l = VolumeColumn(verbose_name=_("master meter (m³)"), orderable=False)
    subs_l = VolumeColumn(verbose_name=_("sub meters (m³)"), orderable=False)
    difference_l = VolumeColumn(verbose_name=_("difference (m³)"), orderable=False)
    outcome = BadgeColumn(hues=OUTCOME_HUES, orderable=False)
    missing = tables.Column(orderable=False)

    class Meta:
        model = MeterDifference
        fields = ("account", "period", "master_l", "subs_l", "difference_l", "outcome", "missing")
