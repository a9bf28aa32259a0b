"""From a target and what was reached to points, with the sentence that explains them.

A scoring rule is data: `{"kind": "interpolate", "points": {"threshold": 60, "target": 100, "challenge": 120}}`.
Numbers in it are whole numbers or texts ("2.5"); points come out in 1/100. Kinds and modifiers: see the documentation
of scoring rules. Nothing here evaluates code.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from mainstay.performance.plans.rules.amounts import E4, number_text, rounded
from mainstay.performance.plans.rules.sentences import Sentence

Rule = Mapping[str, Any]
MORE, LESS, EXACT = "more", "less", "exact"
PERFECT = 100


@dataclass(frozen=True)
class Values:
    """The agreed values of a target in 1/10000 of the indicator's unit, and which way is better."""

    target_e4: int
    direction: str = MORE
    threshold_e4: int | None = None
    challenge_e4: int | None = None
    base_e4: int | None = None


@dataclass(frozen=True)
class Reported:
    """What was reached: a value, and the events that modifiers of the rule ask for."""

    value_e4: int
    veto: bool = False
    plus_e2: int = 0
    minus_e2: int = 0


class Score(NamedTuple):
    """Points in 1/100, and why."""

    points_e2: int
    sentence: Sentence


Kind = Callable[[Rule, Values, int], tuple[Fraction, Sentence]]


def score(rule: Rule, target: Values, actual: Reported | int) -> Score:
    """Return the points (1/100) that `actual` earns under a rule, with the sentence that explains them.

    The rule has passed `check_rule`; KeyError for an unknown kind.
    """
    reached = actual if isinstance(actual, Reported) else Reported(actual)
    points, sentence = KINDS[rule["kind"]](rule, target, reached.value_e4)
    points, notes = _modified(rule, points, reached)
    return Score(rounded(points * 100), sentence.also(*notes))


def grade_cap(rule: Rule, actual: Reported) -> str:
    """Return the best grade that a vetoed target leaves ("" for no limit): 一票否决 with a capped grade."""
    veto = rule.get("veto") or {}
    return str(veto.get("grade", "")) if actual.veto else ""


def fraction(value: Any) -> Fraction:
    """A number of a rule, exactly."""
    return Fraction(str(value))


def _modified(rule: Rule, points: Fraction, reached: Reported) -> tuple[Fraction, list[Sentence]]:
    notes: list[Sentence] = []
    for name, text, sign, given in (
        ("plus_max", _("Plus points: %(points)s."), 1, reached.plus_e2),
        ("minus_max", _("Minus points: %(points)s."), -1, reached.minus_e2),
    ):
        if given and rule.get(name) is not None:
            extra = min(Fraction(given, 100), fraction(rule[name]))
            points += sign * extra
            notes.append(Sentence(text, {"points": shown(extra)}))
    low = fraction(rule.get("floor", 0))
    if points < low:
        points = low
        notes.append(Sentence(_("Not below the floor of %(points)s."), {"points": shown(low)}))
    if rule.get("cap") is not None and points > (high := fraction(rule["cap"])):
        points = high
        notes.append(Sentence(_("Not above the cap of %(points)s."), {"points": shown(high)}))
    if reached.veto and rule.get("veto") is not None:
        points, note = _vetoed(rule["veto"], points)
        notes.append(note)
    return points, notes


def _vetoed(veto: Mapping[str, Any], points: Fraction) -> tuple[Fraction, Sentence]:
    if veto.get("grade"):
        return points, Sentence(_("Veto: the grade is %(grade)s at best."), {"grade": veto["grade"]})
    return Fraction(0), Sentence(_("Veto: no points."))


def shown(points: Fraction) -> str:
    """Points as people read them, two decimals at most."""
    return number_text(rounded(points * 100), decimals=2)


def _words(target: Values, value: int, **more: Any) -> dict[str, Any]:
    return {"actual": number_text(value), "target": number_text(target.target_e4), **more}


def _interpolate(rule: Rule, target: Values, value: int) -> tuple[Fraction, Sentence]:
    marks = [
        (mark, fraction(rule["points"][name]))
        for name, mark in (
            ("threshold", target.threshold_e4),
            ("target", target.target_e4),
            ("challenge", target.challenge_e4),
        )
        if mark is not None and name in rule["points"]
    ]
    sign = -1 if target.direction == LESS else 1
    points = _between([(sign * mark, worth) for mark, worth in marks], sign * value)
    if points is None:
        text = _("%(actual)s is worse than the threshold %(threshold)s: no points.")
        return Fraction(0), Sentence(text, _words(target, value, threshold=number_text(marks[0][0])))
    text = _("%(actual)s against a target of %(target)s gives %(points)s points between the agreed values.")
    return points, Sentence(text, _words(target, value, points=shown(points)))


def _between(marks: list[tuple[int, Fraction]], value: int) -> Fraction | None:
    """Points on the straight lines between rising marks; beyond the last its points, before the first None."""
    if value < marks[0][0]:
        return None
    for (low, low_worth), (high, high_worth) in itertools.pairwise(marks):
        if value < high:
            return low_worth + (high_worth - low_worth) * Fraction(value - low, high - low)
    return marks[-1][1]


def _better_by(rule: Rule, target: Values, value: int) -> Fraction:
    """How much better than the target a value is, in per cent of it (or in units, as the rule measures)."""
    gap = Fraction(value - target.target_e4)
    if target.direction == LESS:
        gap = -gap
    elif target.direction == EXACT:
        gap = -abs(gap)
    if rule.get("measure", "percent") == "units":
        return gap / E4
    return gap * 100 / abs(target.target_e4) if target.target_e4 else gap / E4


def _step(rule: Rule, target: Values, value: int) -> tuple[Fraction, Sentence]:
    better = _better_by(rule, target, value)
    full = fraction(rule.get("full", PERFECT))
    side = rule.get("up" if better >= 0 else "down") or {}
    steps = int(abs(better) / fraction(side["each"])) if side else 0
    change = steps * fraction(side.get("points", 0))
    if side.get("max") is not None:
        change = min(change, fraction(side["max"]))
    points = full + change if better >= 0 else full - change
    words = _words(target, value, steps=steps, change=shown(change), points=shown(points))
    if better >= 0:
        text = _("%(actual)s meets the target %(target)s, %(steps)s steps above it: +%(change)s, %(points)s points.")
    else:
        text = _("%(actual)s misses the target %(target)s by %(steps)s steps: −%(change)s, %(points)s points.")
    return points, Sentence(text, words)


def _ratio(rule: Rule, target: Values, value: int) -> tuple[Fraction, Sentence]:
    """Points in proportion: actual ÷ target; where less is better, 2 − actual ÷ target."""
    full = fraction(rule.get("full", PERFECT))
    if target.target_e4 == 0:
        part = Fraction(int(value == 0 or (value > 0) == (target.direction == MORE)))
    else:
        part = 1 + _better_by({"measure": "percent"}, target, value) / 100
    points = full * max(part, Fraction(0))
    words = _words(target, value, percent=shown(part * 100), points=shown(points))
    return points, Sentence(_("%(actual)s is %(percent)s %% of the target %(target)s: %(points)s points."), words)


def _count(rule: Rule, target: Values, value: int) -> tuple[Fraction, Sentence]:
    full, each = fraction(rule.get("full", PERFECT)), fraction(rule["each"])
    misses = max(Fraction(value - target.target_e4, E4), Fraction(0))
    points = max(full - each * misses, Fraction(0))
    text = _("%(misses)s above the %(target)s allowed, −%(each)s each: %(points)s points.")
    words = _words(target, value, misses=shown(misses), each=shown(each), points=shown(points))
    return points, Sentence(text, words)


def _level(rule: Rule, target: Values, value: int) -> tuple[Fraction, Sentence]:
    levels = rule["levels"]
    chosen = levels[min(max(value // E4, 1), len(levels)) - 1]
    points = fraction(chosen["points"])
    return points, Sentence(
        _("Level “%(level)s”: %(points)s points."), {"level": chosen["name"], "points": shown(points)}
    )


def _milestone(rule: Rule, target: Values, value: int) -> tuple[Fraction, Sentence]:
    stages = rule["stages"]
    passed = min(max(value // E4, 0), len(stages))
    points = sum((fraction(stage["points"]) for stage in stages[:passed]), Fraction(0))
    words = {"passed": passed, "all": len(stages), "points": shown(points)}
    return points, Sentence(_("%(passed)s of %(all)s milestones passed: %(points)s points."), words)


KINDS: dict[str, Kind] = {
    "interpolate": _interpolate,
    "step": _step,
    "ratio": _ratio,
    "count": _count,
    "level": _level,
    "milestone": _milestone,
}
