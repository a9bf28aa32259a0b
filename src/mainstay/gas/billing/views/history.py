"""The months of an account as charts: volume by tier against the year before, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mainstay.gas.billing.queries_history import YEAR, Month
from mainstay.gas.billing.rules import share_of_change
from mainstay.kit.money import yuan
from mainstay.kit.svg import Number, stacked
from mainstay.kit.volume import m3

WIDE, HIGH, LOW = 960, 200, 120
LAST_WITH_ROOM = 10  # a year before November or December would touch that of January


@dataclass(frozen=True, slots=True)
class Picture:
    """Two charts, the names of the colours in their order, and the year in words."""

    volume: SafeString
    amount: SafeString
    names: list[str]
    estimates: bool
    compared: bool
    words: str


def picture_of(months: list[Month]) -> Picture | None:
    """Draw the months; None without any bill."""
    if not any(one.billed for one in months):
        return None
    tiers = sorted({tier for one in months for tier in one.by_tier}) or [0]
    names = [_tier(tier, alone=len(tiers) == 1) for tier in tiers]
    series = [(name, [one.by_tier.get(tier, 0) for one in months]) for tier, name in zip(tiers, names, strict=True)]
    labels = [_label(one.period, first=not number) for number, one in enumerate(months)]
    mark = pgettext("mark of an estimate in a chart", "E")
    notes = [mark if one.estimated else "" for one in months]
    before = [one.before_l for one in months]
    compared = any(value is not None for value in before)
    volume = stacked(
        _("Volume by month (m³)"), labels, series, width=WIDE, height=HIGH, show=_volume, above=_whole_m3,
        level=(_("same month last year"), before) if compared else None, notes=notes if any(notes) else (),
    )  # fmt: skip
    paid = [("", [one.amount_fen for one in months])]
    amount = stacked(
        _("Amount by month (yuan)"), labels, paid, width=WIDE, height=LOW, show=_money, above=_whole_yuan
    )  # fmt: skip
    return Picture(volume, amount, names, any(notes), compared, _words(months))


def _tier(tier: int, *, alone: bool) -> str:
    if tier:
        return _("tier %(number)s") % {"number": tier}
    return _("volume") if alone else _("free volume")


def _label(period: int, *, first: bool) -> str:
    """The month, and the year where it begins."""
    year, month = divmod(period, 100)
    return f"{year}-{month}" if month == 1 or (first and month <= LAST_WITH_ROOM) else str(month)


def _words(months: list[Month]) -> str:
    """The last twelve months against the twelve before them."""
    last, before = months[-YEAR:], months[:-YEAR]
    facts = {
        "volume": m3(sum(one.volume_l for one in last)), "amount": yuan(sum(one.amount_fen for one in last)),
    }  # fmt: skip
    words = _("Last twelve months: %(volume)s m³, %(amount)s yuan.") % facts
    change = share_of_change(sum(one.volume_l for one in last), sum(one.volume_l for one in before))
    if change is None or not all(one.billed for one in before):
        return words
    return words + " " + _("Volume against the twelve months before: %(change)s %%.") % {"change": f"{change:+d}"}


def _volume(litres: Number) -> str:
    return m3(int(litres))


def _money(fen: Number) -> str:
    return yuan(int(fen))


def _whole_m3(litres: Number) -> str:
    """Short enough to stand over a bar."""
    return f"{round(litres / 1000):,}"


def _whole_yuan(fen: Number) -> str:
    return f"{round(fen / 100):,}"
