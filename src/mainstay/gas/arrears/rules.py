"""Dunning 催缴 as arithmetic: which step comes next, and whether a promise still holds. Pure.

A stop of supply for debt needs its trail: every step before it was taken in this episode of debt, the written notice
among them, and the days after each have passed. Steps cannot be skipped, so nothing else has to be looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SMS, CALL, PAPER, NOTICE, STOP = "sms", "call", "paper", "notice", "stop"


@dataclass(frozen=True, slots=True)
class Step:
    """A step: from `days_overdue` and `min_fen` on, `wait_days` after the step before; in order of `place`."""

    place: int
    kind: str
    days_overdue: int
    min_fen: int = 1
    wait_days: int = 0


def next_step(
    steps: Sequence[Step], owed_fen: int, oldest_due_on: dt.date, taken: Mapping[int, dt.date], on: dt.date
) -> Step | None:
    """The step to take on a day, None when none is due.

    `taken`: day of each step taken so far, by place. Only those after the oldest due date belong to this episode: who
    pays up and falls behind again begins anew.
    """
    trail = {place: day for place, day in taken.items() if day > oldest_due_on}
    done = max(trail, default=-1)
    rest = [step for step in sorted(steps, key=lambda one: one.place) if step.place > done]
    if not rest:
        return None
    step = rest[0]
    if (on - oldest_due_on).days < step.days_overdue or owed_fen < step.min_fen:
        return None
    if trail and (on - trail[done]).days < step.wait_days:
        return None
    return step


def sound(steps: Sequence[Step]) -> bool:
    """Whether a ladder may stop supply: the stop comes last, right after a written notice, with days in between."""
    ordered = sorted(steps, key=lambda one: one.place)
    kinds = [one.kind for one in ordered]
    if STOP not in kinds:
        return True
    place = kinds.index(STOP)
    return place == len(kinds) - 1 and place > 0 and kinds[place - 1] == NOTICE and ordered[place].wait_days > 0


def promise_holds(parts: Sequence[tuple[dt.date, int]], paid_fen: int, on: dt.date) -> bool:
    """Whether a promise of parts (day, fen) is kept so far, `paid_fen` having come since it was given.

    A part may be paid on its day. When the last part is paid there is nothing left to hold.
    """
    owed = sum(fen for day, fen in parts if day < on)
    return paid_fen >= owed and paid_fen < sum(fen for _day, fen in parts)


def missing(
    steps: Sequence[Step], owed_fen: int, oldest_due_on: dt.date, taken: Mapping[int, dt.date], on: dt.date
) -> tuple[str, dt.date | None]:
    """Why no step is due on a day: "none" (ladder at its end), "amount" (owes too little), "day" and from when."""
    trail = {place: day for place, day in taken.items() if day > oldest_due_on}
    done = max(trail, default=-1)
    rest = [step for step in sorted(steps, key=lambda one: one.place) if step.place > done]
    if not rest:
        return "none", None
    if owed_fen < rest[0].min_fen:
        return "amount", None
    day = oldest_due_on + dt.timedelta(days=rest[0].days_overdue)
    if trail:
        day = max(day, trail[done] + dt.timedelta(days=rest[0].wait_days))
    return "day", max(day, on)
