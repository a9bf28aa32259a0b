"""The tree of periods: a year has quarters, a quarter months, a month the weeks whose Thursday lies in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

YEAR, QUARTER, MONTH, WEEK = "year", "quarter", "month", "week"
ORDER = (YEAR, QUARTER, MONTH, WEEK)
_THURSDAY = 4


@dataclass(frozen=True)
class Span:
    """A period to be: its kind, code, first and last day, and the code of the period it lies in."""

    kind: str
    code: str
    from_on: date
    until_on: date
    parent: str = ""


def tree_of(year: int, *, weeks: bool = True) -> Iterator[Span]:
    """Yield the periods of a year, parents first."""
    yield Span(YEAR, f"{year}", date(year, 1, 1), date(year, 12, 31))
    for quarter in range(1, 5):
        first = date(year, 3 * quarter - 2, 1)
        yield Span(QUARTER, f"{year}Q{quarter}", first, _month_end(year, 3 * quarter), f"{year}")
    for month in range(1, 13):
        until = _month_end(year, month)
        yield Span(MONTH, f"{year}-{month:02d}", date(year, month, 1), until, f"{year}Q{(month + 2) // 3}")
    if weeks:
        yield from _weeks(year)


def _weeks(year: int) -> Iterator[Span]:
    number = 1
    while True:
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            return
        month = date.fromisocalendar(year, number, _THURSDAY).month
        yield Span(WEEK, f"{year}W{number:02d}", monday, monday + timedelta(days=6), f"{year}-{month:02d}")
        number += 1


def _month_end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)
