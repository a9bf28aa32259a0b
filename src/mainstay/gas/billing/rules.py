"""Pure arithmetic of billing that is not tariffs: months of use, what a rating becomes on a bill."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mainstay.gas.tariffs import rules as tariffs

MONTHS = 12
# As ChargeLine.Kind (models may not be imported here).
LINE_KINDS: dict[str, int] = {"gas": 1, "base_fee": 2, "minimum": 3, "free": 4, "tax": 6, "rounding": 7}
ENERGY = 5
# Fixed places of lines that are not tiers, so that set-based and row-by-row bills number them alike.
FREE_LINE, BASE_FEE_LINE, MINIMUM_LINE = 30, 40, 41


def months_of_use(year_start: date, opened_on: date | None) -> int:
    """Months of the tariff year in which an account uses gas (1–12): an account opened during the year has fewer.

    The month begun counts: opened 10 May in a year from 1 January is 8 months, 4 whole months having passed.
    """
    if opened_on is None or opened_on <= year_start:
        return MONTHS
    passed = (opened_on.year - year_start.year) * MONTHS + opened_on.month - year_start.month
    passed -= opened_on.day < year_start.day
    return max(1, MONTHS - passed)


@dataclass(frozen=True, slots=True)
class Line:
    """A charge line as it is stored; amounts in fen with VAT contained, volume in litres."""

    line: int
    kind: int
    tier: int
    volume_l: int
    price_e4: int
    amount_fen: int
    vat_fen: int
    version_on: date
    note: str = ""


def lines_of(rating: tariffs.Rating) -> list[Line]:
    """The lines of a rating that say anything (a tier without volume does not), numbered."""
    told = [one for one in rating.lines if one.kind != "gas" or one.volume_l or one.amount_fen]
    split = len({one.from_on for one in told}) > 1
    return [
        Line(
            number, ENERGY if one.quantity_m is not None else LINE_KINDS[one.kind], one.tier or 0, one.volume_l,
            one.price_e4 or 0, one.amount_fen, one.vat_fen, one.version_on,
            f"{one.from_on}/{one.to_on}" if split else "",
        )
        for number, one in enumerate(told, start=1)
    ]  # fmt: skip


def difference(old: Iterable[Line], new: Iterable[Line]) -> list[Line]:
    """Lines that turn `old` into `new`: same kind, tier, price and version are netted, nothing is left out but zeros.

    The sums of the result are exactly the sums of `new` less those of `old`.
    """
    net: dict[tuple[int, int, int, date, str], list[int]] = {}
    for sign, lines in ((-1, old), (1, new)):
        for one in lines:
            key = (one.kind, one.tier, one.price_e4, one.version_on, one.note)
            sums = net.setdefault(key, [0, 0, 0])
            for index, value in enumerate((one.volume_l, one.amount_fen, one.vat_fen)):
                sums[index] += sign * value
    told = [(key, sums) for key, sums in sorted(net.items()) if any(sums)]
    return [
        Line(number, kind, tier, volume, price, amount, vat, version_on, note)
        for number, ((kind, tier, price, version_on, note), (volume, amount, vat)) in enumerate(told, start=1)
    ]


def reversed_lines(lines: Iterable[Line]) -> list[Line]:
    """The lines of a reversing bill: every volume and amount with the opposite sign."""
    return [
        Line(o.line, o.kind, o.tier, -o.volume_l, o.price_e4, -o.amount_fen, -o.vat_fen, o.version_on, o.note)
        for o in lines
    ]  # fmt: skip


def totals(lines: Iterable[Line]) -> tuple[int, int]:
    """Amount and VAT of lines in fen."""
    listed = list(lines)
    return sum(one.amount_fen for one in listed), sum(one.vat_fen for one in listed)


def share_of_change(now_fen: int, before_fen: int) -> int | None:
    """Change against before in whole per cent, half away from zero; None when there was nothing before."""
    if before_fen == 0:
        return None
    part = abs(now_fen - before_fen) * 200 + abs(before_fen)
    size = part // (2 * abs(before_fen))
    return size if now_fen >= before_fen else -size
