"""The four ways in which a checklist is scored. Pure.

`none`; `pass_rate`: right of all that applies; `weighted`: the same by weight; `deduction`: each part has full points,
a failing item takes its points off, the sum of a part is scaled and never exceeds the part (bank security evaluation).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mainstay.inspection.checklists.rules import FAIL, PASS, ChecklistDef, ItemDef, SectionDef

KINDS = ("none", "pass_rate", "weighted", "deduction")
FULL = 10_000  # basis points, and the unit of a part's scale


@dataclass(frozen=True, slots=True)
class PartScore:
    """What one part got, of how much (hundredths of a point)."""

    section: str
    got_e2: int
    full_e2: int
    lost_e2: int = 0


@dataclass(frozen=True, slots=True)
class Score:
    """A score: `rate_bp` in basis points of what could be had, None when nothing was scored."""

    kind: str
    rate_bp: int | None
    got_e2: int = 0
    full_e2: int = 0
    parts: tuple[PartScore, ...] = ()


def score(checklist: ChecklistDef, results: Mapping[str, str]) -> Score:
    """Score the results (pass, fail, na, "" by item code) in the checklist's own way; half a unit is rounded up."""
    if checklist.scoring == "deduction":
        return _deduction(checklist, results)
    if checklist.scoring not in ("pass_rate", "weighted"):
        return Score("none", None)
    right = full = 0
    for item in checklist.items():
        weight = item.weight if checklist.scoring == "weighted" else 1
        full += weight if results.get(item.code) in (PASS, FAIL) else 0
        right += weight if results.get(item.code) == PASS else 0
    return Score(checklist.scoring, _half_up(right * FULL, full) if full else None, right * 100, full * 100)


def _deduction(checklist: ChecklistDef, results: Mapping[str, str]) -> Score:
    parts = tuple(_part(section, results) for section in checklist.sections)
    got, full = sum(part.got_e2 for part in parts), sum(part.full_e2 for part in parts)
    return Score("deduction", _half_up(got * FULL, full) if full else None, got, full, parts)


def _part(section: SectionDef, results: Mapping[str, str]) -> PartScore:
    taken = sum(_points(item) for item in section.items if results.get(item.code) == FAIL)
    lost = min(section.points_e2, _half_up(taken * section.scale_e4, FULL))
    return PartScore(section.code, section.points_e2 - lost, section.points_e2, lost)


def _points(item: ItemDef) -> int:
    return item.points_e2


def _half_up(value: int, by: int) -> int:
    return (2 * value + by) // (2 * by)
