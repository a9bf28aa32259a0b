"""Clocks, levels and parts of hazards. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

GENERAL, MAJOR = "general", "major"
OPEN_STATES = ("found", "noticed", "rectifying", "submitted", "accepted")
FIVE_PARTS = ("duty", "measures", "funds", "deadline", "plan")  # 责任、措施、资金、期限、预案
ACCEPTORS = {GENERAL: 1, MAJOR: 2}


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a level may take, and within how many days a request for acceptance is answered: a dated row."""

    level: str
    days: int
    accept_days: int
    from_on: date


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of escalation: so many days from the deadline (negative: before), who is told."""

    offset: int
    whom: str


def clock_for(clocks: Iterable[Clock], level: str, on: date) -> Clock | None:
    """The row of a level in force on a day: the newest that has begun."""
    begun = [one for one in clocks if one.level == level and one.from_on <= on]
    return max(begun, key=lambda one: one.from_on, default=None)


def deadline(found_on: date, days: int) -> date:
    """The last day for putting it right: the day of the finding does not count."""
    return found_on + timedelta(days=days)


def rungs_due(rungs: Sequence[Rung], deadline_on: date, today: date, done: int) -> list[Rung]:
    """The steps of escalation that are due by today; the first `done` of them were taken before."""
    ordered = sorted(rungs, key=lambda one: (one.offset, one.whom))
    due = [one for one in ordered if deadline_on + timedelta(days=one.offset) <= today]
    return due[done:]


def missing_parts(level: str, filled: Iterable[str]) -> list[str]:
    """Which of the five parts (责任、措施、资金、期限、预案) a plan lacks; a general hazard needs none."""
    have = set(filled)
    return [part for part in FIVE_PARTS if level == MAJOR and part not in have]


def is_accepted(level: str, acceptors: Iterable[int], rectifier: int) -> bool:
    """Tell whether enough different people, none of them the rectifier, have accepted."""
    return len(set(acceptors) - {rectifier}) >= ACCEPTORS[level]


def days_over(deadline_on: date, state: str, today: date) -> int:
    """How many days an open hazard is over its deadline; 0 for one that is in time or done."""
    return max(0, (today - deadline_on).days) if state in ("found", "noticed", "rectifying", "rejected") else 0
