"""The tariff year, and how many months a reading period counts."""

from __future__ import annotations

from datetime import date

from .errors import TariffError
from .plan import MonthDay, Version

# 400 Gregorian years: 146,097 days = 4,800 months
_CYCLE_DAYS = 146_097
_CYCLE_MONTHS = 4_800


def months_between(from_on: date, to_on: date) -> int:
    """Months of a reading period, to the nearest whole month and at least 1: 14 Jan to 12 Mar counts 2."""
    days = (to_on - from_on).days
    return max(1, (2 * days * _CYCLE_MONTHS + _CYCLE_DAYS) // (2 * _CYCLE_DAYS))


def tariff_year(
    version: Version, on: date, *, group: str | None = None, anchor: MonthDay | None = None
) -> tuple[date, date]:
    """The tariff year [start, next start) that holds `on`.

    A bill belongs to the year of its last day of use: give the day before the closing reading. `group` is the reading
    group of the account's book, `anchor` the start kept at the group or the account where the tariff leaves it to them.
    Raises TariffError when the start cannot be known.
    """
    start = _start(version, group, anchor)
    this = start.in_year(on.year)
    if on >= this:
        return this, start.in_year(on.year + 1)
    return start.in_year(on.year - 1), this


def _start(version: Version, group: str | None, anchor: MonthDay | None) -> MonthDay:
    rule = version.year_start
    if rule.kind == "date":
        return rule.start
    if anchor is not None:
        return anchor
    known = dict(rule.groups).get(group or "")
    if rule.kind == "reading_group" and known is not None:
        return known
    who = ("the reading group", "抄表组") if rule.kind == "reading_group" else ("the account", "用户")
    raise TariffError(
        "tariff.year_start",
        field="year_starts",
        en=f"This tariff's year starts with {who[0]}: give the start (month and day) there",
        zh=f"此价目的气价年度按{who[1]}起算：请在{who[1]}上填写起始月日",
    )
