"""From what was seen to a verdict (结论): green, amber, red, or unknown while nothing proves it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

GREEN, AMBER, RED, UNKNOWN = "green", "amber", "red", "unknown"
WORST_FIRST = (RED, AMBER, UNKNOWN, GREEN)
GRACE = 3  # a proof may be so many times as old as its rhythm before it proves nothing any more


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing a probe looked at: its name, the verdict, the reason in both languages, a figure that may change."""

    subject: str
    verdict: str
    en: str = ""
    zh: str = ""
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """When a probe last looked, and how often it should (s)."""

    at: datetime | None
    every_s: int

    def next_due(self, now: datetime) -> datetime:
        """When it has to look again; now when it never did."""
        return now if self.at is None else self.at + timedelta(seconds=self.every_s)

    def late(self, now: datetime) -> bool:
        """Whether what it saw is too old to prove anything."""
        return self.at is None or now - self.at > timedelta(seconds=GRACE * self.every_s)


def worst(verdicts: Iterable[str]) -> str:
    """The worst of some verdicts; unknown when there are none: what nobody looked at is not green."""
    found = set(verdicts)
    return next((one for one in WORST_FIRST if one in found), UNKNOWN)


def judged(verdicts: Iterable[str], proofs: Iterable[Proof], now: datetime) -> str:
    """The verdict of a measure: the worst seen, and never green while a proof is too old or missing."""
    found = worst(verdicts)
    if found == GREEN and any(one.late(now) for one in proofs):
        return UNKNOWN
    return found


def counts(verdict: str, excused_until: datetime | None, now: datetime) -> str:
    """A verdict as it counts: a red one that a person accepted for a time counts amber until then."""
    accepted = verdict == RED and excused_until is not None and excused_until > now
    return AMBER if accepted else verdict
