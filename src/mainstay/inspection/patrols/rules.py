"""When rounds are due, and what became of one. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAILY, WEEKLY, MONTHLY = "daily", "weekly", "monthly"
MOST_DAYS = {DAILY: 1, WEEKLY: 7, MONTHLY: 28}
LAST_ANCHOR = {DAILY: 1, WEEKLY: 7, MONTHLY: 28}


@dataclass(frozen=True, slots=True)
class Window:
    """The days in which a round has to be walked, both included."""

    first: date
    last: date


def windows(rhythm: str, anchor: int, days: int, first: date, last: date) -> Iterator[Window]:
    """Yield the windows that begin from `first` to `last`.

    `anchor` is the weekday (1 Monday to 7) of a weekly round, the day of the month (1 to 28) of a monthly one; a daily
    round has none. A window is `days` long.
    """
    for place in range((last - first).days + 1):
        day = first + timedelta(days=place)
        begins = {DAILY: True, WEEKLY: day.isoweekday() == anchor, MONTHLY: day.day == anchor}
        if begins[rhythm]:
            yield Window(day, day + timedelta(days=days - 1))


def state_of_point(inspected_on: date | None, until_on: date, today: date) -> str:
    """What became of one point: "done", "late" (walked after the window), "missed", or "open" while there is time."""
    if inspected_on is not None:
        return "late" if inspected_on > until_on else "done"
    return "missed" if until_on < today else "open"


def state_of_round(points: list[str]) -> str:
    """What became of a round, from its points: the worst of them; one half walked is still open."""
    for worst in ("missed", "open", "late"):
        if worst in points:
            return worst
    return "done"
