"""Reports and the overview for managers; lists of arrears behind their numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Unit
from mainstay.core.organisation.queries import units_visible_to
from mainstay.gas.billing.models import Owed
from mainstay.gas.payments.models import Payment
from mainstay.gas.readings.filters import PeriodFilter
from mainstay.gas.reports import catalogue, queries
from mainstay.gas.reports.pages import Cell, Column, ReportPage, link, money_bars
from mainstay.gas.reports.rules import AGE, AGES, share
from mainstay.kit import masking
from mainstay.kit.dates import add_months, last_day, local_today, month_text
from mainstay.web.pages import CodeColumn, DayColumn, ListPage, MaskedColumn, MoneyColumn, MonthColumn, NameColumn

MONTHS = 12
WIDE = 720  # pixels of a chart that fills a page
TENDERS = dict(Payment.Tender.choices)


class ReadingRate(ReportPage):
    """How far reading is, by branch (抄表率)."""

    title = catalogue.READING.title
    columns = (
        Column(_("Branch")), Column(_("To read"), "count"), Column(_("Read"), "count"),
        Column(_("Reading rate"), "share"), Column(_("Estimated"), "count"), Column(_("Share of estimates"), "share"),
        Column(_("Questioned"), "count"),
    )  # fmt: skip
    hint = _(
        "Accounts in use that stand in a book due in the month. "
        "The reading rate counts neither estimates nor readings in question."
    )

    def lines(self) -> Iterable[Sequence[Cell]]:
        """A line for each branch with books."""
        found = queries.reading_by_unit(self.units, self.period)
        for pk, unit in queries.names_of(found).items():
            books = self.behind("readings:book_list", unit=pk, period=month_text(self.period))
            yield self._line(Cell(unit, books), found[pk], books)

    def total(self, lines: Sequence[Sequence[Cell]]) -> Sequence[Cell]:
        """All branches."""
        sums = [sum(line[place].value for line in lines) for place in (1, 2, 4, 6)]
        return self._line(Cell(_("Total")), queries.Read(*sums), "")

    def _line(self, head: Cell, read: queries.Read, books: str) -> list[Cell]:
        worklist = reverse("readings:worklist") if books and read.questioned else ""
        return [
            head, Cell(read.accounts, books), Cell(read.read, books), Cell(share(read.really, read.accounts)),
            Cell(read.estimated, books), Cell(share(read.estimated, read.read)),
            Cell(read.questioned, worklist, alarm=read.questioned > 0),
        ]  # fmt: skip


class CollectionRate(ReportPage):
    """What was billed for a month and collected of it, by branch (收费率)."""

    title = catalogue.COLLECTION.title
    columns = (
        Column(_("Branch")), Column(_("Bills"), "count"), Column(_("Billed (yuan)"), "money"),
        Column(_("Paid so far (yuan)"), "money"), Column(_("Still open (yuan)"), "money"),
        Column(_("Written off (yuan)"), "money"), Column(_("Collection rate"), "share"),
    )  # fmt: skip
    hint = _(
        "Gas bills, their adjustments and reductions; late fees do not count. Paid is everything a bill was settled "
        "with: payments, advances, credits. Bad debt is not paid."
    )
    newest_last = True
    legend = (_("collected"), _("still open"))

    def lines(self) -> Iterable[Sequence[Cell]]:
        """A line for each branch with bills."""
        found = queries.collected_by_unit(self.units, self.period)
        for pk, unit in queries.names_of(found).items():
            yield self._line(Cell(unit), found[pk], pk)

    def total(self, lines: Sequence[Sequence[Cell]]) -> Sequence[Cell]:
        """All branches."""
        sums = [sum(line[place].value for line in lines) for place in (1, 2, 4, 5)]
        return self._line(Cell(_("Total")), queries.Collected(*sums), None)

    def chart(self, lines: Sequence[Sequence[Cell]]) -> SafeString:
        """Twelve months up to the one asked for."""
        self.chart_title, chart = collection_chart(self.units, self.period)
        return chart

    def _line(self, head: Cell, one: queries.Collected, unit: int | None) -> list[Cell]:
        month = month_text(self.period)
        bills = self.behind("billing:bill_list", period=month, unit=unit)
        owed = link("reports:arrears_list", period=month, unit=unit)
        bad = self.behind("billing:bill_list", period=month, unit=unit, kind=15) if one.written_off_fen else ""
        return [
            head, Cell(one.bills, bills), Cell(one.billed_fen, bills), Cell(one.collected_fen, bills),
            Cell(one.open_fen, owed), Cell(one.written_off_fen, bad), Cell(share(one.collected_fen, one.billed_fen)),
        ]  # fmt: skip


def collection_chart(units: queries.Units, period: int) -> tuple[str, SafeString]:
    """Collected and open money of twelve months, as bars under their title."""
    periods = [add_months(period, -back) for back in range(MONTHS - 1, -1, -1)]
    found = queries.collected_by_period(units, periods)
    series = [
        (_("collected"), [found[one].collected_fen for one in periods]),
        (_("still open"), [found[one].open_fen for one in periods]),
    ]
    labels = [f"{one % 100}" for one in periods]
    return money_bars(_("Collected and open by month of the bill"), labels, series, width=WIDE)


class Ageing(ReportPage):
    """What is owed by how long it is overdue, by branch (账龄)."""

    title = catalogue.AGEING.title
    asks = "day"
    columns = (
        Column(_("Branch")), *(Column(age.title, "money") for age in AGES), Column(_("Together (yuan)"), "money"),
    )  # fmt: skip
    hint = _("Amounts in yuan of bills that are open now, by the days since their due date on the day asked for.")

    def lines(self) -> Iterable[Sequence[Cell]]:
        """A line for each branch with open bills."""
        found = queries.ageing_by_unit(self.units, self.day)
        for pk, unit in queries.names_of(found).items():
            sums = {age: fen for age, (_count, fen) in found[pk].items()}
            yield self._line(Cell(unit), sums, pk)

    def total(self, lines: Sequence[Sequence[Cell]]) -> Sequence[Cell]:
        """All branches."""
        sums = {age.key: sum(line[place].value for line in lines) for place, age in enumerate(AGES, start=1)}
        return self._line(Cell(_("Total")), sums, None)

    def chart(self, lines: Sequence[Sequence[Cell]]) -> SafeString:
        """The ages of all branches as bars."""
        sums = [sum(line[place].value for line in lines) for place in range(1, len(AGES) + 1)]
        titles = [age.title for age in AGES]
        self.chart_title, chart = money_bars(_("Debts by age"), titles, [("", sums)], width=WIDE)
        return chart

    def _line(self, head: Cell, sums: dict[str, int], unit: int | None) -> list[Cell]:
        day = self.day.isoformat()
        cells = [
            Cell(sums.get(age.key, 0), link("reports:arrears_list", age=age.key, day=day, unit=unit),
                 alarm=age.first is not None and sums.get(age.key, 0) > 0)
            for age in AGES
        ]  # fmt: skip
        return [head, *cells, Cell(sum(sums.values()), link("reports:arrears_list", unit=unit))]


class TopDebtors(ReportPage):
    """The hundred accounts that owe most."""

    title = catalogue.DEBTORS.title
    asks = ""
    columns = (
        Column(_("Account number"), "code"), Column(_("Customer")), Column(_("Address of use")), Column(_("Branch")),
        Column(_("Open bills"), "count"), Column(_("Oldest due on"), "date"), Column(_("Owed (yuan)"), "money"),
    )  # fmt: skip
    hint = _("The hundred accounts that owe most, credits taken off.")

    def lines(self) -> Iterable[Sequence[Cell]]:
        """A line for each account."""
        for one in queries.top_debtors(self.units):
            account = one.account
            yield [
                Cell(account.account_no, reverse("customers:account_detail", args=[account.pk])),
                Cell(account.customer.shown_name), Cell(masking.address(account.premise.address)),
                Cell(account.unit), Cell(one.items, link("reports:arrears_list", q=account.account_no)),
                Cell(one.oldest_due_on), Cell(one.open_fen),
            ]  # fmt: skip


class Takings(ReportPage):
    """What came in each day of a month, by way of paying."""

    title = catalogue.TAKINGS.title
    hint = _("Payments less reversals and refunds, by business date.")
    newest_last = True

    @property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """A column for each way of paying."""
        ways = (Column(word, "money") for word in TENDERS.values())
        return (Column(_("Business date"), "date"), Column(_("Payments"), "count"), *ways,
                Column(_("Together (yuan)"), "money"))  # fmt: skip

    @cached_property
    def found(self) -> list[queries.Taking]:
        """Sums of the month by day and way of paying."""
        first = dt.date(self.period // 100, self.period % 100, 1)
        return queries.takings(self.units, first, last_day(self.period))

    def lines(self) -> Iterable[Sequence[Cell]]:
        """A line for each day with payments."""
        days: dict[dt.date, list[queries.Taking]] = {}
        for one in self.found:
            days.setdefault(one.business_on, []).append(one)
        for day, ones in days.items():
            sums = {one.tender: one.amount_fen for one in ones}
            cells = [
                Cell(sums.get(tender, 0), self.behind("payments:payment_list", business_on=day, tender=tender))
                for tender in TENDERS
            ]
            every = self.behind("payments:payment_list", business_on=day)
            yield [Cell(day), Cell(sum(one.payments for one in ones), every), *cells, Cell(sum(sums.values()), every)]

    def total(self, lines: Sequence[Sequence[Cell]]) -> Sequence[Cell]:
        """The month."""
        return [Cell(_("Total")), *(Cell(sum(line[n].value for line in lines)) for n in range(1, len(TENDERS) + 3))]

    def chart(self, lines: Sequence[Sequence[Cell]]) -> SafeString:
        """The days as bars."""
        labels = [f"{line[0].value.day}" for line in lines]
        days = [line[-1].value for line in lines]
        self.chart_title, chart = money_bars(_("Taken by day"), labels, [("", days)], width=WIDE)
        return chart


class ArrearsTable(tables.Table):
    """Open bills."""

    account_no = CodeColumn(
        accessor="account__account_no", verbose_name=_("Account number"), orderable=False,
        linkify=("customers:account_detail", [tables.A("account_id")]),
    )  # fmt: skip
    name = NameColumn(accessor="account__customer__shown_name", verbose_name=_("Customer"), orderable=False)
    address = MaskedColumn(
        masking.address, accessor="account__premise__address", verbose_name=_("Address of use"), orderable=False
    )
    unit = tables.Column(accessor="account__unit", verbose_name=_("Branch"), orderable=False)
    period = MonthColumn(
        verbose_name=_("Period"), orderable=False,
        linkify=("billing:bill_detail", [tables.A("account_id"), tables.A("period"), tables.A("seq")]),
    )  # fmt: skip
    accrued_by = tables.Column(verbose_name=_("Owed for"), orderable=False)
    due_on = DayColumn(orderable=False)
    open_fen = MoneyColumn(verbose_name=_("Owed (yuan)"), orderable=False)

    class Meta:
        model = Owed
        fields = ("account_no", "name", "address", "unit", "period", "accrued_by", "due_on", "open_fen")

    def render_accrued_by(self, value: int) -> Any:
        """A bill of its own, or a late fee on it that a run accrued."""
        return _("late fee accrued") if value else _("bill")


def _branches(request: Any) -> QuerySet[Unit]:
    return units_visible_to(request.user, queries.VIEW).order_by("path")


class ArrearsFilter(filters.FilterSet):
    """By account, branch, month of the bill and age."""

    q = filters.CharFilter(field_name="account__account_no", label=_("Account number"))
    unit = filters.ModelChoiceFilter(queryset=_branches, method="of_unit", label=_("Branch"))
    period = PeriodFilter(label=_("Period"))
    age = filters.ChoiceFilter(
        choices=[(age.key, age.title) for age in AGES], method="of_age", label=_("How long overdue")
    )
    day = filters.DateFilter(
        method="keep", label=_("On the day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    class Meta:
        model = Owed
        fields: tuple[str, ...] = ()

    def of_unit(self, rows: Any, _name: str, unit: Unit) -> Any:
        """Bills of a branch."""
        return queries.in_order(rows.filter(account__unit=unit), [unit.pk])

    def of_age(self, rows: Any, _name: str, key: str) -> Any:
        """Bills of an age on the day given, today unless told."""
        day = self.form.cleaned_data.get("day") or local_today()
        return queries.of_age(rows, AGE[key], day)

    def keep(self, rows: Any, _name: str, _day: dt.date) -> Any:
        """The day only says how old a debt is."""
        return rows


class ArrearsList(ListPage):
    """Bills still to be paid."""

    title = _("Arrears")
    right = queries.VIEW
    table_class = ArrearsTable
    filterset_class = ArrearsFilter
    search_placeholder = _("account number")
    count_limit = 1_000  # a branch's items are found account by account
    keys_first = "pk"

    def queryset(self) -> Any:
        """Open bills of the reader's branches by account; where nothing narrows them, those that are leafed through."""
        units = queries.units_of(self.request.user)
        rows = queries.in_order(queries.arrears(units), units)
        if units is None or set(self.request.GET) - {"page", "per_page", "cols"}:
            return rows
        return rows.filter(account__in=queries.first_owing(units, self.count_limit + 1))
