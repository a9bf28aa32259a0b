"""The company at a glance (C12): figures, charts and branches, each leading to the report behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Unit
from mainstay.gas.payments.models import Payment
from mainstay.gas.payments.tables import channel_name
from mainstay.gas.reports import queries, queries_sales
from mainstay.gas.reports.pages import link, money_bars, percent
from mainstay.gas.reports.rules import AGES, share
from mainstay.kit.dates import add_months, local_today, month_text, period_of
from mainstay.kit.money import yuan
from mainstay.kit.svg import Number, stacked
from mainstay.kit.volume import m3
from mainstay.web.pages import Page, SignedRequest

MONTHS, DAYS = 12, 14
THOUSAND_M3 = 1_000_000  # litres
WIDTH, HEIGHT = 480, 190


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure, what it is part of, and the report behind it."""

    title: Any
    value: str
    href: str
    note: Any = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart with its title, the names of its colours in their order, and the report behind it."""

    title: Any
    href: str
    chart: SafeString
    names: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch's figures: shares in 1/100 percent, money in fen."""

    unit: Unit
    reading: int | None
    collection: int | None
    overdue_fen: int


@dataclass(frozen=True, slots=True)
class Glance:
    """Everything the page shows of some branches, read by a fixed number of statements."""

    periods: list[int]
    today: dt.date
    read: dict[int, queries.Read]
    billed: dict[tuple[int, int], queries.Collected]
    ages: dict[int, dict[str, tuple[int, int]]]
    takings: list[queries.Taking]
    channels: list[queries_sales.Mix]
    tiers: list[queries_sales.Tier]
    balance: dict[int, queries_sales.Balance]

    @classmethod
    def of(cls, units: queries.Units, period: int) -> Glance:
        """Read it for the newest billed month and today."""
        today = local_today()
        periods = [add_months(period, -back) for back in range(MONTHS - 1, -1, -1)]
        return cls(
            periods, today, queries.reading_by_unit(units, period), queries.collected(units, periods),
            queries.ageing_by_unit(units, today), queries.takings(units, today - dt.timedelta(days=DAYS - 1), today),
            queries_sales.by_channel(units, period_of(today)), _in_tiers(units, period),
            queries_sales.balance_by_unit(units, add_months(period, -1)),
        )  # fmt: skip

    @property
    def period(self) -> int:
        """The newest billed month."""
        return self.periods[-1]

    def month(self, period: int) -> queries.Collected:
        """What all branches billed and collected of a month."""
        return queries.Collected.together(one for (_unit, month), one in self.billed.items() if month == period)

    def age_fen(self, key: str) -> int:
        """Fen owed in an age class by all branches."""
        return sum(ages.get(key, (0, 0))[1] for ages in self.ages.values())

    def branches(self) -> list[Branch]:
        """The branches in the order of the organisation."""
        found = []
        for pk, unit in queries.names_of({*self.read, *self.ages}).items():
            read, billed = self.read.get(pk, queries.Read()), self.billed.get((pk, self.period), queries.Collected())
            ages = {key: fen for key, (_count, fen) in self.ages.get(pk, {}).items()}
            overdue = sum(fen for key, fen in ages.items() if key != "not_due")
            paid = share(billed.collected_fen, billed.billed_fen)
            found.append(Branch(unit, share(read.really, read.accounts), paid, overdue))
        return found


class Overview(Page):
    """The newest billed month and today's debts and takings."""

    title = _("Overview")
    right = queries.VIEW
    template_name = "reports/overview.html"

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show it, or say that it begins with the first billing run."""
        if self.glance is None:
            return self.page(tiles=())
        return self.page(
            tiles=_tiles(self.glance),
            panels=[
                _months(self.glance),
                _takings(self.glance),
                _ages(self.glance),
                _channels(self.glance),
                _tiers(self.glance),
                _supply(self.glance),
            ],
            branches=self.glance.branches(),
            month=month_text(self.glance.period),
        )

    @cached_property
    def glance(self) -> Glance | None:
        """What is shown; None before the first bill."""
        units = queries.units_of(self.request.user)
        period = queries.latest_period(units)
        return None if period is None else Glance.of(units, period)


def _tiles(glance: Glance) -> list[Tile]:
    month = month_text(glance.period)
    read, bills = queries.Read.together(glance.read.values()), glance.month(glance.period)
    taken = sum(one.amount_fen for one in glance.takings if one.business_on == glance.today)
    owed = sum(glance.age_fen(age.key) for age in AGES)
    estimated = percent(share(read.estimated, read.read))
    return [
        Tile(_("Reading rate"), percent(share(read.really, read.accounts)), link("reports:reading_rate", period=month),
             _("%(month)s, estimates %(share)s") % {"month": month, "share": estimated}),
        Tile(_("Collection rate"), percent(share(bills.collected_fen, bills.billed_fen)),
             link("reports:collection_rate", period=month), _("bills of %(month)s") % {"month": month}),
        Tile(_("Overdue (yuan)"), yuan(owed - glance.age_fen("not_due")), reverse("reports:ageing"),
             _("of %(owed)s owed") % {"owed": yuan(owed)}),
        Tile(_("Taken today (yuan)"), yuan(taken), link("reports:takings", period=f"{glance.today:%Y-%m}")),
    ]  # fmt: skip


def _months(glance: Glance) -> Panel:
    """Collected and open money of twelve months."""
    names = (_("collected"), _("still open"))
    months = [glance.month(period) for period in glance.periods]
    series = [(names[0], [one.collected_fen for one in months]), (names[1], [one.open_fen for one in months])]
    labels = [period % 100 for period in glance.periods]
    href = link("reports:collection_rate", period=month_text(glance.period))
    return _panel(_("Bills by month"), href, labels, series, names)


def _takings(glance: Glance) -> Panel:
    """Money received in two weeks, by way of paying: those that occur."""
    ways = {one.tender for one in glance.takings}
    names = {tender: word for tender, word in Payment.Tender.choices if tender in ways}
    days = [glance.today - dt.timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    sums = {(one.business_on, one.tender): one.amount_fen for one in glance.takings}
    series = [(word, [sums.get((day, tender), 0) for day in days]) for tender, word in names.items()]
    href = link("reports:takings", period=f"{glance.today:%Y-%m}")
    return _panel(_("Taken in two weeks"), href, [day.day for day in days], series, tuple(names.values()))


def _ages(glance: Glance) -> Panel:
    """What is owed, by how long it is overdue."""
    series = [("", [glance.age_fen(age.key) for age in AGES])]
    return _panel(_("Debts by age"), reverse("reports:ageing"), [age.title for age in AGES], series, ())


def _channels(glance: Glance) -> Panel:
    """Where this month's money came in."""
    labels = [channel_name(one.channel) for one in glance.channels]
    series = [("", [one.amount_fen for one in glance.channels])]
    href = link("reports:channels", period=f"{glance.today:%Y-%m}")
    return _panel(_("Taken this month by channel"), href, labels, series, ())


def _in_tiers(units: queries.Units, period: int) -> list[queries_sales.Tier]:
    return [one for one in queries_sales.by_tier(units, period) if one.tier != queries_sales.BESIDE]


def _tiers(glance: Glance) -> Panel:
    """What was billed in each tier."""
    labels = [
        _("tier %(number)s") % {"number": one.tier} if one.tier else _("without tiers") for one in glance.tiers
    ]  # fmt: skip
    href = link("reports:tiers", period=month_text(glance.period))
    return _gas(_("Gas by tier"), href, labels, [("", [one.volume_l for one in glance.tiers])], ())


def _supply(glance: Glance) -> Panel:
    """Gas sold, and what came in beyond that, in the month before the newest billed one (its days are all billed)."""
    units = queries.names_of(glance.balance)
    names = (_("sold"), _("not sold"))
    rows = [glance.balance[pk] for pk in units]
    series = [(names[0], [one.sold_l for one in rows]), (names[1], [one.difference_l or 0 for one in rows])]
    month = month_text(add_months(glance.period, -1))
    title = _("Supply and sale of %(month)s") % {"month": month}
    return _gas(title, link("reports:supply", period=month), list(units.values()), series, names)


def _gas(
    title: Any, href: str, labels: Sequence[Any], series: Sequence[tuple[Any, Sequence[Number]]], names: Sequence[Any]
) -> Panel:
    """A chart of volumes: m³ over the bars, thousands of them where the sums are large."""
    highest = max((sum(values) for values in zip(*(v for _name, v in series), strict=True)), default=0)
    large = highest >= THOUSAND_M3 * 10
    words = (_("%(what)s (1,000 m³)") if large else _("%(what)s (m³)")) % {"what": title}
    above = _thousand_m3 if large else _whole_m3
    return Panel(
        words, href, stacked(words, labels, series, show=_full_m3, above=above, width=WIDTH, height=HEIGHT), names
    )


def _panel(
    title: Any, href: str, labels: Sequence[Any], series: Sequence[tuple[Any, Sequence[Number]]], names: Sequence[Any]
) -> Panel:
    words, chart = money_bars(title, labels, series, width=WIDTH, height=HEIGHT)
    return Panel(words, href, chart, names)


def _full_m3(litres: Number) -> str:
    return m3(int(litres))


def _thousand_m3(litres: Number) -> str:
    return f"{litres / THOUSAND_M3:,.1f}"


def _whole_m3(litres: Number) -> str:
    return f"{litres / 1000:,.0f}"
