"""Lists of plans."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.kit.dates import local_today
from mainstay.performance.plans.models import (
    BudgetAccount,
    BudgetEntry,
    BudgetLine,
    Charter,
    Contract,
    Indicator,
    Period,
    Target,
)
from mainstay.performance.plans.queries_budget import forecast_of
from mainstay.performance.plans.rules import bp_text, number_text
from mainstay.performance.plans.states import CHARTER, CONTRACT, PERIOD
from mainstay.web.pages import BadgeColumn, CodeColumn, CountColumn, DayColumn, MoneyColumn
from mainstay.web.templatetags.mainstay import badge, yes_no

END = {"th": {"class": "ms-end"}, "td": {"class": "ms-end ms-num"}}


class NumberColumn(tables.Column):
    """An indicator's value (1/10000 of its unit) as people read it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, attrs=END, **{"orderable": False, "empty_values": (), **kwargs})

    def render(self, value: int | None) -> str:
        """The number, a dash for none."""
        return number_text(value)

    def value(self, value: int | None) -> str | None:
        """The number for a sheet, an empty cell for none."""
        return None if value is None else number_text(value)


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


class TargetSheetTable(tables.Table):
    """Targets in the columns of the sheet that is imported again."""

    staff_no = CodeColumn(accessor="contract__person__staff_no", verbose_name=_("Staff number"), orderable=False)
    name = tables.Column(accessor="contract__person", verbose_name=_("Name"), orderable=False)
    contract = CodeColumn(linkify=("plans:contract_detail", [tables.A("contract_id")]), orderable=False)
    indicator = CodeColumn(accessor="indicator__code", verbose_name=_("Indicator"), orderable=False)
    title = tables.Column(accessor="indicator", verbose_name=_("what is measured"), orderable=False)
    weight_bp = ShareColumn(verbose_name=_("Weight"))
    threshold_e4 = NumberColumn(verbose_name=_("Threshold"))
    target_e4 = NumberColumn(verbose_name=_("Target"))
    challenge_e4 = NumberColumn(verbose_name=_("Challenge"))

    class Meta:
        model = Target
        fields = (
            "staff_no", "name", "contract", "indicator", "title", "weight_bp", "threshold_e4", "target_e4",
            "challenge_e4",
        )  # fmt: skip
        order_by = "-contract"


class PeriodTable(tables.Table):
    """Periods."""

    code = CodeColumn(linkify=True, orderable=False)
    kind = tables.Column(orderable=False)
    parent = tables.Column(orderable=False)
    from_on = DayColumn(orderable=False)
    until_on = DayColumn(orderable=False)
    state = BadgeColumn(hues=PERIOD.hues, orderable=False)

    class Meta:
        model = Period
        fields = ("code", "kind", "parent", "from_on", "until_on", "state")


class IndicatorTable(tables.Table):
    """Indicators."""

    code = CodeColumn(linkify=True)
    name = tables.Column(accessor="name", verbose_name=_("what is measured"), orderable=False)
    formula_zh = tables.Column(verbose_name=_("formula"), orderable=False)
    unit_zh = tables.Column(verbose_name=_("unit of measure"), orderable=False)
    direction = tables.Column(orderable=False)
    source = tables.Column(orderable=False)

    class Meta:
        model = Indicator
        fields = ("code", "name", "formula_zh", "unit_zh", "direction", "source")
        order_by = "code"


class BudgetTable(tables.Table):
    """Budget lines with what is left and where they will end."""

    unit = tables.Column(linkify=("plans:budget_detail", [tables.A("pk")]), orderable=False)
    account = tables.Column(orderable=False)
    period = tables.Column(orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("budget (yuan)"), orderable=False)
    committed_fen = MoneyColumn(verbose_name=_("committed (yuan)"), orderable=False)
    actual_fen = MoneyColumn(verbose_name=_("actual (yuan)"), orderable=False)
    free_fen = MoneyColumn(accessor="free_fen", verbose_name=_("left (yuan)"), orderable=False)
    forecast = MoneyColumn(empty_values=(), verbose_name=_("forecast (yuan)"), orderable=False)
    standing = tables.Column(empty_values=(), verbose_name=_("standing"), orderable=False)

    class Meta:
        model = BudgetLine
        fields = (
            "unit", "account", "period", "amount_fen", "committed_fen", "actual_fen", "free_fen", "forecast",
            "standing",
        )  # fmt: skip

    def value_forecast(self, record: BudgetLine) -> int:
        """Where the line will end, fen."""
        return forecast_of(record, local_today())

    def render_forecast(self, record: BudgetLine) -> Any:
        """The same for reading."""
        return MoneyColumn().render(self.value_forecast(record))

    def value_standing(self, record: BudgetLine) -> str:
        """In words."""
        return str(self._standing(record)[0])

    def render_standing(self, record: BudgetLine) -> Any:
        """As a badge."""
        return badge(*self._standing(record))

    def _standing(self, record: BudgetLine) -> tuple[Any, str]:
        whole = record.amount_fen + record.allowance_fen
        if not record.limited:
            return _("income"), "grey"
        if record.allowance_fen:
            return _("beyond, approved"), "red"
        if self.value_forecast(record) > whole:
            return _("will be passed"), "amber"
        return _("within"), "green"


class EntryTable(tables.Table):
    """Entries of a line."""

    business_on = DayColumn(verbose_name=pgettext_lazy("plan", "business date"), orderable=False)
    kind = tables.Column(verbose_name=_("kind"), orderable=False)
    text = tables.Column(verbose_name=_("what for"), orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)
    beyond = tables.BooleanColumn(verbose_name=_("beyond the budget"), orderable=False)
    by = tables.Column(verbose_name=_("by"), orderable=False)

    class Meta:
        model = BudgetEntry
        fields = ("business_on", "kind", "text", "amount_fen", "beyond", "by")

    def render_beyond(self, value: bool) -> Any:
        """Only what stands out is said."""
        return badge(_("beyond the budget"), "red") if value else "–"


class AccountTable(tables.Table):
    """Budget accounts."""

    code = CodeColumn(orderable=False)
    name = tables.Column(accessor="name", verbose_name=pgettext_lazy("thing", "name"), orderable=False)
    income = tables.BooleanColumn(orderable=False)
    hard = tables.BooleanColumn(orderable=False)

    class Meta:
        model = BudgetAccount
        fields = ("code", "name", "income", "hard")
        order_by = "code"

    def render_income(self, value: bool) -> str:
        """Yes or no."""
        return yes_no(value)

    def render_hard(self, value: bool) -> str:
        """Yes or no."""
        return yes_no(value)


class CharterTable(tables.Table):
    """Charters."""

    period = tables.Column(linkify=("plans:charter_detail", [tables.A("pk")]), orderable=False)
    contract = CodeColumn(orderable=False)
    state = BadgeColumn(hues=CHARTER.hues, orderable=False)

    class Meta:
        model = Charter
        fields = ("period", "contract", "state")
