"""Arithmetic of reports: ages of debts, shares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

DAYS_OF_YEAR = 365


@dataclass(frozen=True, slots=True)
class Age:
    """A class of overdue days (账龄段): `first` to `last` days after the due date, both inclusive; None: no end.

    Debts not yet due have `last` 0 and no `first`.
    """

    key: str
    title: Any
    first: int | None
    last: int | None

    def due_between(self, on: date) -> tuple[date | None, date | None]:
        """Earliest and latest due date of this age on a day; None: no limit on that side."""
        earliest = None if self.last is None else on - timedelta(days=self.last)
        latest = None if self.first is None else on - timedelta(days=self.first)
        return earliest, latest


AGES = (
    Age("not_due", _("not due"), None, 0),
    Age("d30", _("1–30 days"), 1, 30),
    Age("d90", _("31–90 days"), 31, 90),
    Age("d180", _("91–180 days"), 91, 180),
    Age("d365", _("181–365 days"), 181, DAYS_OF_YEAR),
    Age("older", _("over a year"), DAYS_OF_YEAR + 1, None),
)
AGE = {age.key: age for age in AGES}


def age_of(due_on: date, on: date) -> Age:
    """The class a debt belongs to on a day: due today is not overdue yet."""
    days = (on - due_on).days
    return next(age for age in AGES if age.last is None or days <= age.last)


HELD_YEARS = (1, 2, 3)
"""Upper ends, in years, of the classes of deposits by how long they are held; older ones are a class of their own."""


def layers(moves: Iterable[tuple[date, int]]) -> list[tuple[date, int]]:
    """What is left of money that came and went (day, fen; in order of the days): the oldest is given back first."""
    left: list[tuple[date, int]] = []
    for day, fen in moves:
        if fen > 0:
            left.append((day, fen))
            continue
        out = -fen
        while out and left:
            first_on, held = left.pop(0)
            if held > out:
                left.insert(0, (first_on, held - out))
            out -= min(out, held)
    return left


def held_classes(parts: Iterable[tuple[date, int]], on: date) -> list[int]:
    """Fen held by class of HELD_YEARS on a day, the shortest first. A year is over on the same day of the next."""
    sums = [0] * (len(HELD_YEARS) + 1)
    for day, fen in parts:
        years = on.year - day.year - ((on.month, on.day) < (day.month, day.day))
        sums[sum(years >= most for most in HELD_YEARS)] += fen
    return sums


def share(part: int, whole: int) -> int | None:
    """Part of a whole in 1/100 percent, rounded half up; None when there is no whole. 9876 is 98.76 %."""
    if whole <= 0:
        return None
    return (2 * part * 10_000 + whole) // (2 * whole)


def within_month(from_on: date, to_on: date, volume_l: int, first: date, end: date) -> int:
    """The part of a volume used from `from_on` to `to_on` (exclusive) that falls on the days [first, end), in litres.

    The volume is spread evenly over the days. The parts of all months add up to the volume: each is the difference of
    two sums from the beginning.
    """
    days = (to_on - from_on).days
    if days <= 0:
        return volume_l if first <= from_on < end else 0

    def until(day: date) -> int:
        return volume_l * min(max((day - from_on).days, 0), days) // days

    return until(end) - until(first)
