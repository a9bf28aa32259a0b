"""Rules of responsibility: when a description is stale, how well a person fits, how two versions differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext_lazy as _

METHODS_NEEDED = 2
FULL_BP = 10_000
SOON = timedelta(days=60)


@dataclass(frozen=True)
class Basis:
    """What a description rests on: unit, superior post, the post's name, and its processes (code → version)."""

    unit: int
    superior: int | None
    name: str
    processes: Mapping[str, int]

    def as_json(self) -> dict[str, Any]:
        """As it is kept with the description."""
        return {
            "unit": self.unit,
            "superior": self.superior,
            "name": self.name,
            "processes": dict(sorted(self.processes.items())),
        }


def stale_reasons(kept: Mapping[str, Any], now: Basis) -> list[Any]:
    """Return in words what has changed since approval; nothing means the description is up to date."""
    found: list[Any] = []
    if kept.get("unit") != now.unit:
        found.append(_("The post has moved to another unit."))
    if kept.get("name") != now.name:
        found.append(_("The post has been renamed."))
    if kept.get("superior") != now.superior:
        found.append(_("The post reports to another superior."))
    before: Mapping[str, int] = kept.get("processes") or {}
    changed = sorted(code for code in {*before, *now.processes} if before.get(code) != now.processes.get(code))
    if changed:
        found.append(_("Work processes of the post have changed: %(codes)s.") % {"codes": ", ".join(changed)})
    return found


@dataclass(frozen=True)
class Need:
    """A required qualification."""

    qualification: int
    level: int
    essential: bool


@dataclass(frozen=True)
class Has:
    """A qualification somebody holds."""

    qualification: int
    level: int
    from_on: date
    until_on: date | None = None


MET, SOON_OVER, EXPIRED, BELOW, MISSING = "met", "soon", "expired", "below", "missing"
GAPS = (EXPIRED, BELOW, MISSING)


def fit_of(need: Need, held: Iterable[Has], on: date) -> str:
    """Tell how a person meets a requirement on a day: met, soon (expires within 60 days), expired, below, missing.

    The best valid holding counts; an expired one only tells that it was there once.
    """
    mine = [one for one in held if one.qualification == need.qualification and one.from_on <= on]
    valid = [one for one in mine if one.until_on is None or one.until_on >= on]
    enough = [one for one in valid if one.level >= need.level]
    if enough:
        lasting = any(one.until_on is None or one.until_on - on > SOON for one in enough)
        return MET if lasting else SOON_OVER
    if valid:
        return BELOW
    return EXPIRED if any(one.level >= need.level for one in mine) else MISSING


def fit_bp(results: Sequence[tuple[Need, str]]) -> int:
    """Return how much of the requirements is met, in basis points; essential ones count double. Without any: full."""
    total = sum(2 if need.essential else 1 for need, _result in results)
    met = sum(2 if need.essential else 1 for need, result in results if result not in GAPS)
    return FULL_BP * met // total if total else FULL_BP


def duties_problem(weights: Sequence[int]) -> Any:
    """Return what is wrong with the weights of the duties (basis points), None when they are whole."""
    if not weights:
        return _("Write at least one duty.")
    if sum(weights) != FULL_BP:
        text = _("The weights of the duties add up to %(sum)s %%. Change them to 100 %%.")
        return text % {"sum": f"{sum(weights) / 100:g}"}
    return None


@dataclass(frozen=True)
class Line:
    """A line of a comparison: "same", "gone" or "new"."""

    kind: str
    text: str


def compare(old: str, new: str) -> list[Line]:
    """Return two texts as lines that stayed, went and came."""
    before, after = old.splitlines(), new.splitlines()
    lines: list[Line] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [Line("same", text) for text in before[i:j]]
            continue
        lines += [Line("gone", text) for text in before[i:j]]
        lines += [Line("new", text) for text in after[k:m]]
    return lines


def steps_problem(positions: Sequence[int], ways: Mapping[int, Sequence[int]]) -> Any:
    """Return what is wrong with the steps of a process: none at all, or a way that leads nowhere."""
    if not positions:
        return _("Write at least one step.")
    for source, targets in ways.items():
        for target in targets:
            if target not in positions or target == source:
                return _("Step %(source)s leads to step %(target)s, which is not there. Correct the way.") % {
                    "source": source,
                    "target": target,
                }
    return None
