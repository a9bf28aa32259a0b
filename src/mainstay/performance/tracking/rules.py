"""Tracking without a database: values of long periods from short ones, and progress in words and shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from mainstay.performance.plans.rules.amounts import FULL_BP
from mainstay.performance.plans.rules.shares import combined

AHEAD, ON_TRACK, BEHIND, UNKNOWN = "ahead", "on_track", "behind", "unknown"
FULL = FULL_BP


@dataclass(frozen=True)
class Span:
    """A period as the arithmetic sees it."""

    pk: int
    parent: int | None
    from_on: date
    until_on: date


@dataclass
class Reading:
    """What was reported for one period: its value, and what modifiers of the rule ask for."""

    value_e4: int
    verified: bool
    veto: bool = False
    plus_e2: int = 0
    minus_e2: int = 0


@dataclass
class Reached:
    """What a target has reached in its period: the value, whether all of it is verified, and the events."""

    value_e4: int | None = None
    verified: bool = False
    veto: bool = False
    plus_e2: int = 0
    minus_e2: int = 0
    parts: list[Reading] = field(default_factory=list)


Inside = Mapping[int | None, list[Span]]


def inside(spans: Iterable[Span]) -> Inside:
    """Return the periods directly inside each period, in order of time: made once for any number of targets."""
    children: dict[int | None, list[Span]] = {}
    for span in sorted(spans, key=lambda one: one.from_on):
        children.setdefault(span.parent, []).append(span)
    return children


def reached(period: int, children: Inside, readings: Mapping[int, Reading], how: str) -> Reached:
    """Return what the readings (by period) make of a period: its own reading, else its parts put together.

    `children` comes from `inside`. A part with a reading of its own stands for all inside it, so nothing counts twice.
    """
    parts = _parts(period, children, readings)
    if not parts:
        return Reached()
    return Reached(
        value_e4=combined([part.value_e4 for part in parts], how),
        verified=all(part.verified for part in parts),
        veto=any(part.veto for part in parts),
        plus_e2=sum(part.plus_e2 for part in parts),
        minus_e2=sum(part.minus_e2 for part in parts),
        parts=parts,
    )


def _parts(period: int, children: Inside, readings: Mapping[int, Reading]) -> list[Reading]:
    own = readings.get(period)
    if own is not None:
        return [own]
    return [part for child in children.get(period, ()) for part in _parts(child.pk, children, readings)]


def elapsed_bp(span: Span, today: date) -> int:
    """How much of a period is over, in basis points."""
    days = (span.until_on - span.from_on).days + 1
    gone = min(max((today - span.from_on).days + 1, 0), days)
    return gone * FULL // days


def light(attained_bp: int | None, expected_bp: int) -> str:
    """Compare what is attained with what should be by now: behind when it is more than a tenth short."""
    if attained_bp is None:
        return UNKNOWN
    if attained_bp >= expected_bp:
        return AHEAD
    return ON_TRACK if attained_bp * 10 >= expected_bp * 9 else BEHIND


def progress_bp(states: Iterable[str]) -> int:
    """How far a set of actions is: verified ones count fully, done ones half, in basis points."""
    worth = {"verified": 2, "done": 1}
    found = [worth.get(state, 0) for state in states]
    return sum(found) * FULL // (2 * len(found)) if found else 0
