"""A version as people read it: its steps with their prices, and its rules in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mainstay.gas.tariffs.rules import DEFAULT_VAT_BP, Schedule, Version, yuan_e4
from mainstay.gas.tariffs.rules.plan import Fee, Ladder
from mainstay.gas.tariffs.rules_words import season_name
from mainstay.kit import svg
from mainstay.kit.money import yuan
from mainstay.kit.volume import m3


@dataclass(frozen=True, slots=True)
class Row:
    """One step: its name, from where to where, and its price in each column (texts)."""

    name: str
    span: str
    prices: list[str]


@dataclass(frozen=True, slots=True)
class Steps:
    """A table of steps: heading, heads of the price columns, rows."""

    title: str
    heads: list[str]
    rows: list[Row]


def steps_of_version(version: Version) -> list[Steps]:
    """The tables of a version: its tiers (and those of heating households), bands or blocks."""
    found = []
    if version.ladder is not None:
        found.append(_tiers(_("Tiers (m³ in the tariff year)"), version, version.ladder))
    if version.heating is not None:
        found.append(_tiers(_("Tiers of heating households"), version, version.heating))
    if version.bands:
        heads = [_price_head(version), _("base fee (yuan)")]
        uptos = [band.upto_l for band in version.bands]
        rows = [
            Row(str(n), span, [yuan_e4(band.price_e4), yuan(band.base_fee_fen)])
            for n, (span, band) in enumerate(zip(_spans(uptos), version.bands, strict=True), start=1)
        ]
        found.append(Steps(_("Bands (m³ of the period; one price for all)"), heads, rows))
    if version.blocks:
        uptos = [block.upto_per_day_l for block in version.blocks]
        rows = [
            Row(str(n), span, [yuan_e4(block.price_e4)])
            for n, (span, block) in enumerate(zip(_spans(uptos), version.blocks, strict=True), start=1)
        ]
        found.append(Steps(_("Blocks (m³ a day)"), [_price_head(version)], rows))
    return found


def _tiers(title: str, version: Version, ladder: Ladder) -> Steps:
    prices, bounds = ladder.prices_e4, ladder.bounds_l
    count = len(prices[0]) if prices else len(ladder.ratio_e4) or len(bounds or ()) + 1
    spans = _spans([*bounds, None]) if bounds is not None else [_("set locally")] * count
    heads = [season_name(one.name) for one in version.seasons] if len(prices) > 1 else [_price_head(version)]
    rows = []
    for index in range(count):
        shown = [yuan_e4(row[index]) for row in prices] or [_open_price(ladder, index)]
        rows.append(Row(_("tier %(number)s") % {"number": index + 1}, spans[index], shown))
    return Steps(title, heads, rows)


def _open_price(ladder: Ladder, index: int) -> str:
    if ladder.ratio_e4:
        return _("tier 1 × %(ratio)s") % {"ratio": yuan_e4(ladder.ratio_e4[index])}
    return _("set locally")


def _price_head(version: Version) -> str:
    energy = version.energy
    if energy is None:
        return _("price (yuan/m³)")
    per = f"{energy.price_per} " if energy.price_per > 1 else ""
    return _("price (yuan/%(unit)s)") % {"unit": f"{per}{energy.unit}"}


def _spans(uptos: list[int | None]) -> list[str]:
    found, lower = [], 0
    for upto in uptos:
        if upto is None:
            found.append(_("above %(lower)s") % {"lower": m3(lower)} if lower else _("all"))
        else:
            found.append(f"{m3(lower)} – {m3(upto)}")
            lower = upto
    return found


def rules_of_version(version: Version) -> list[tuple[str, str]]:
    """(what, how) of everything that is not a price by tier."""
    return [(what, how) for what, how in _rules(version) if how]


def _rules(version: Version) -> Iterator[tuple[str, str]]:
    yield _("Tariff year begins"), _year(version)
    yield _("Price change inside a period"), _change(version)
    yield _("Large households"), _household(version)
    yield _("Low income"), _low_income(version)
    yield _("Maximum price"), _("a contract may agree on less") if version.maximum else ""
    yield _("Base fee"), _fee(version.base_fee)
    yield _("Minimum charge"), _fee(version.minimum)
    yield _("VAT"), _vat(version)
    yield _("Rounding"), _("the year sums to the fen (carry)") if version.rounding.carry else ""
    energy = version.energy
    yield (
        _("Energy"),
        f"m³ × {energy.coefficient} × {energy.calorific_value or '?'} ÷ {energy.divisor}" if energy else "",
    )
    if version.counted_on_at_transfer:
        yield _("Transfer to a new customer"), _("the year's volume is counted on")
    yield _("Use of less than a year"), "" if version.partial_year_by_month else _("whole bounds all the same")
    yield _("Source"), version.source


def _year(version: Version) -> str:
    start = version.year_start
    if start.groups:
        return ", ".join(f"{name}: {day}" for name, day in start.groups)
    if start.kind == "date":
        return str(start.start)
    return _("by reading group") if start.kind == "reading_group" else _("by account")


def _change(version: Version) -> str:
    words = {
        "by_reading": _("the whole period at the price of its last day"),
        "by_day": _("shared by days"),
        "by_day_normalised": _("shared by days, the tier found on a whole period"),
        "by_actual_reading": _("by a reading on the day, else shared by days"),
    }
    return words[version.change_method]


def _household(version: Version) -> str:
    rule = version.household
    if rule is None:
        return ""
    more = " / ".join(f"+{m3(one)}" for one in rule.raise_l)
    if rule.per_person:
        return _("each person above %(over)s: bounds %(more)s m³") % {"over": rule.over_persons, "more": more}
    return _("more than %(over)s persons: bounds %(more)s m³") % {"over": rule.over_persons, "more": more}


def _low_income(version: Version) -> str:
    relief = version.low_income
    if relief is None:
        return ""
    if relief.free_month_l:
        return _("%(volume)s m³ a month free") % {"volume": m3(relief.free_month_l)}
    if relief.free_year_l:
        return _("the first %(volume)s m³ of the year free") % {"volume": m3(relief.free_year_l)}
    if relief.flat_price_e4 is not None:
        return _("%(price)s yuan/m³ in all tiers") % {"price": yuan_e4(relief.flat_price_e4)}
    return _("the price of tier %(tier)s in all tiers") % {"tier": relief.flat_tier}


def _fee(fee: Fee | None) -> str:
    if fee is None:
        return ""
    per = {"month": _("a month"), "period": _("a bill"), "day": _("a day")}[fee.per]
    return _("%(amount)s yuan %(per)s") % {"amount": yuan_e4(fee.amount_e4), "per": per}


def _vat(version: Version) -> str:
    tax = version.tax
    if tax.rate_bp == DEFAULT_VAT_BP and not tax.added:
        return ""
    rate = f"{tax.rate_bp / 100:g} %"
    return _("%(rate)s, added") % {"rate": rate} if tax.added else _("%(rate)s, contained") % {"rate": rate}


def tiers_picture(schedule: Schedule, before_l: int, after_l: int) -> Any:
    """The tiers of a situation as bars: what was used before, what this bill uses, what is left (m³)."""
    low, high = sorted((before_l, after_l))
    labels, before, now, left = [], [], [], []
    for band in schedule.tiers:
        top = max(high, band.lower_l) if band.upper_l is None else band.upper_l
        labels.append(_("tier %(number)s") % {"number": band.tier} if band.tier else pgettext("tier", "free"))
        before.append(max(0, min(low, top) - band.lower_l) // 1000)
        now.append(max(0, min(high, top) - max(low, band.lower_l)) // 1000)
        left.append(max(0, top - max(high, band.lower_l)) // 1000)
    series = [(_("used before"), before), (_("this bill"), now), (_("left"), left)]
    return svg.stacked(_("Tiers of the tariff year (m³)"), labels, series, width=420, height=180, show="{:,}".format)
