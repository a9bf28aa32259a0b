"""Reports of gas and channels: supply against sale, tiers, where the money came in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import rights
from mainstay.core.organisation.models import Unit
from mainstay.gas.billing.forms import PeriodField
from mainstay.gas.billing.models import Bill
from mainstay.gas.meters.forms import VolumeField
from mainstay.gas.payments.tables import channel_name
from mainstay.gas.reports import actions, catalogue, queries, queries_sales
from mainstay.gas.reports.models import Supply
from mainstay.gas.reports.pages import Cell, Column, ReportPage, link, money_bars
from mainstay.gas.reports.rules import share
from mainstay.kit.dates import month_text
from mainstay.kit.svg import Number, stacked
from mainstay.kit.volume import m3
from mainstay.web.pages import Button, FormPage, SignedRequest

WIDE = 720
RECORD = "gas.reports.record_supply"


def _m3(litres: Number) -> str:
    return m3(int(litres))


def _thousand_m3(litres: Number) -> str:
    """Short enough to stand over a bar."""
    return f"{litres / 1_000_000:,.1f}"


class SupplySale(ReportPage):
    """Gas that came in against gas sold in a calendar month, by branch (购销差)."""

    title = catalogue.SUPPLY.title
    columns = (
        Column(_("Branch")), Column(_("Taken in (m³)"), "volume"), Column(_("Sold (m³)"), "volume"),
        Column(_("Difference (m³)"), "volume"), Column(_("Difference, of taken in"), "share"),
    )  # fmt: skip
    hint = _(
        "Sold is what was billed, each bill spread evenly over its days, so that every calendar month gets its share; "
        "the last days of a month are complete once the next reading is billed."
    )
    chart_title = _("Sold and not sold by branch (1,000 m³ over the bars)")
    legend = (_("sold"), _("not sold"))

    def get_actions(self) -> list[Button]:
        """With the way to say what came in."""
        address = f"{reverse('reports:supply_record')}?period={month_text(self.period)}"
        return [
            Button(_("Record gas taken in"), address, right=RECORD, icon="plus", primary=True),
            *super().get_actions(),
        ]

    def lines(self) -> Iterable[Sequence[Cell]]:
        """A line for each branch that took gas in or sold some."""
        found = queries_sales.balance_by_unit(self.units, self.period)
        for pk, unit in queries.names_of(found).items():
            yield self._line(Cell(unit), found[pk], pk)

    def total(self, lines: Sequence[Sequence[Cell]]) -> Sequence[Cell]:
        """All branches; no difference while one has not said what came in."""
        known = [line[1].value for line in lines]
        taken = None if None in known else sum(known)
        return self._line(Cell(_("Total")), queries_sales.Balance(taken, sum(line[2].value for line in lines)), None)

    def chart(self, lines: Sequence[Sequence[Cell]]) -> SafeString:
        """Each branch as a bar."""
        series = [
            (self.legend[0], [line[2].value for line in lines]),
            (self.legend[1], [line[3].value or 0 for line in lines]),
        ]
        return stacked(self.title, [line[0].value for line in lines], series, width=WIDE, show=_m3, above=_thousand_m3)

    def _line(self, head: Cell, one: queries_sales.Balance, unit: int | None) -> list[Cell]:
        month = month_text(self.period)
        bills = self.behind("billing:bill_list", period=month, unit=unit)
        said = link("reports:supply_record", period=month, unit=unit) if unit and self.may(RECORD) else ""
        lost = one.difference_l
        return [
            head, Cell(one.taken_l, said), Cell(one.sold_l, bills), Cell(lost, alarm=lost is not None and lost < 0),
            Cell(None if lost is None else _signed_share(lost, one.taken_l or 0)),
        ]  # fmt: skip


def _signed_share(part: int, whole: int) -> int | None:
    """A share that may be below zero: more was sold than came in."""
    size = share(abs(part), whole)
    return size if size is None or part >= 0 else -size


class SupplyForm(forms.Form):
    """Which branch, which month, how much."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Branch"))
    period = PeriodField(label=_("Period"), help_text=_("Write the month like 2026-11."))
    volume = VolumeField(label=_("Taken in (m³)"))
    note = forms.CharField(label=_("note"), max_length=200, required=False)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class SupplyRecord(FormPage):
    """Say how much gas came in."""

    title = _("Record gas taken in")
    right = RECORD
    form_class = SupplyForm
    submit_label = _("Record volume")
    intro = _("By the gate meters of the branch, for a whole calendar month. Said again it replaces what was said.")

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(catalogue.SUPPLY.title, reverse("reports:supply"))]

    def form_kwargs(self) -> dict[str, Any]:
        ids = rights.unit_ids(self.request.user, RECORD)
        return {"units": Unit.objects.all() if ids is None else Unit.objects.filter(pk__in=ids)}

    def action_call(self, form: Any, request: SignedRequest) -> Supply:
        data = form.cleaned_data
        return actions.record_supply(
            unit=data["unit"], period=data["period"], volume_l=data["volume"], note=data["note"], by=request.user
        )  # fmt: skip

    def success(self, result: Any) -> str:
        return link("reports:supply", period=month_text(result.period))


class Tiers(ReportPage):
    """What was billed for a month in each tier (阶梯分布)."""

    title = catalogue.TIERS.title
    columns = (
        Column(_("Tier")), Column(_("Accounts"), "count"), Column(_("Volume (m³)"), "volume"),
        Column(_("Share of volume"), "share"), Column(_("Amount (yuan)"), "money"),
        Column(_("Share of amount"), "share"),
    )  # fmt: skip
    hint = _(
        "An account counts in every tier it touches. Prices without tiers stand in the first line. With the "
        "adjustments and reductions below the tiers the total is what was billed; late fees and write-offs are not "
        "part of it."
    )
    chart_title = _("Volume by tier (1,000 m³ over the bars)")

    @cached_property
    def found(self) -> list[queries_sales.Tier]:
        """The tiers."""
        return queries_sales.by_tier(self.units, self.period)

    def lines(self) -> Iterable[Sequence[Cell]]:
        """A line for each tier."""
        month, kinds = month_text(self.period), dict(Bill.Kind.choices)
        changed = queries_sales.let_and_charged(self.units, self.period)
        volume = sum(one.volume_l for one in self.found)
        fen = sum(one.amount_fen for one in self.found) + sum(amount for _kind, _count, amount in changed)
        for one in self.found:
            beside = one.tier == queries_sales.BESIDE
            rows = "" if beside else self.behind("billing:bill_list", period=month, tier=one.tier)
            yield [
                Cell(_place(one.tier), rows), Cell(one.bills, rows), Cell(one.volume_l, rows),
                Cell(_signed_share(one.volume_l, volume)), Cell(one.amount_fen, rows),
                Cell(_signed_share(one.amount_fen, fen)),
            ]  # fmt: skip
        for kind, count, amount in changed:
            rows = self.behind("billing:bill_list", period=month, kind=kind)
            yield [
                Cell(kinds[kind], rows), Cell(count, rows), Cell(0), Cell(_signed_share(0, volume)),
                Cell(amount, rows), Cell(_signed_share(amount, fen)),
            ]  # fmt: skip

    def total(self, lines: Sequence[Sequence[Cell]]) -> Sequence[Cell]:
        """What was billed; accounts are not added, for many stand in two lines."""
        volume, fen = sum(line[2].value for line in lines), sum(line[4].value for line in lines)
        return [
            Cell(_("Total")),
            Cell(None),
            Cell(volume),
            Cell(share(volume, volume)),
            Cell(fen),
            Cell(share(fen, fen)),
        ]

    def chart(self, lines: Sequence[Sequence[Cell]]) -> SafeString:
        """Each tier as a bar."""
        tiers = [one for one in self.found if one.tier != queries_sales.BESIDE]
        volumes = [("", [one.volume_l for one in tiers])]
        return stacked(
            self.title, [_place(one.tier) for one in tiers], volumes, width=WIDE, show=_m3, above=_thousand_m3
        )  # fmt: skip


def _place(tier: int) -> Any:
    """A tier, or what stands beside them."""
    if tier == queries_sales.BESIDE:
        return _("fees, free volume, tax, rounding")
    return _("tier %(number)s") % {"number": tier} if tier else _("without tiers")


class Channels(ReportPage):
    """Where the money of a month came in; of one channel day by day (渠道构成)."""

    title = catalogue.CHANNELS.title
    hint = _("Payments less reversals and refunds, by business date.")

    @property
    def channel(self) -> str:
        """The channel whose days are asked for, "" for all channels."""
        return self.request.GET.get("channel", "")[:20]

    @property
    def columns(self) -> Sequence[Column]:  # type: ignore[override]
        """A line is a channel, or a day of one."""
        head = Column(_("Business date"), "date") if self.channel else Column(_("Channel"))
        return (head, Column(_("Payments"), "count"), Column(_("Amount (yuan)"), "money"), Column(_("Share"), "share"))

    def get_title(self) -> Any:
        """With the channel."""
        if not self.channel:
            return self.title
        return _("Takings by channel: %(channel)s") % {"channel": channel_name(self.channel)}

    def lines(self) -> Iterable[Sequence[Cell]]:
        """Each channel leads to its days, each day to its payments."""
        found = queries_sales.by_channel(self.units, self.period, self.channel)
        together = sum(one.amount_fen for one in found)
        for one in found:
            if one.business_on:
                rows = self.behind("payments:payment_list", business_on=one.business_on, channel=one.channel)
                head = Cell(one.business_on, rows)
            else:
                rows = link("reports:channels", period=month_text(self.period), channel=one.channel)
                head = Cell(channel_name(one.channel), rows)
            yield [head, Cell(one.payments, rows), Cell(one.amount_fen, rows), Cell(share(one.amount_fen, together))]

    def total(self, lines: Sequence[Sequence[Cell]]) -> Sequence[Cell]:
        """The month."""
        count, fen = sum(line[1].value for line in lines), sum(line[2].value for line in lines)
        return [Cell(_("Total")), Cell(count), Cell(fen), Cell(share(fen, fen))]

    def chart(self, lines: Sequence[Sequence[Cell]]) -> SafeString:
        """Channels or days as bars."""
        labels = [line[0].value.day if self.channel else line[0].value for line in lines]
        sums = [("", [line[2].value for line in lines])]
        self.chart_title, chart = money_bars(self.get_title(), labels, sums, width=WIDE)
        return chart
