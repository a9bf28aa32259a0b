"""Whether a scoring rule is one, and fits the values of its target."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.kit.errors import Problem
from mainstay.performance.plans.rules.scoring import KINDS, LESS, Values

_SHARED = {"kind", "cap", "floor", "veto", "plus_max", "minus_max"}
_OWN: dict[str, set[str]] = {
    "interpolate": {"points"},
    "step": {"full", "up", "down", "measure"},
    "ratio": {"full"},
    "count": {"full", "each"},
    "level": {"levels"},
    "milestone": {"stages"},
}
_MOST = 1000


def check_rule(rule: Any, values: Values | None = None) -> None:
    """Raise Problem (field "rule") when a rule cannot score: unknown kind or key, bad number, values it lacks."""
    if not isinstance(rule, Mapping) or rule.get("kind") not in KINDS:
        raise _wrong(_("Choose a kind of scoring: %(kinds)s.") % {"kinds": ", ".join(KINDS)})
    kind = str(rule["kind"])
    if unknown := sorted(set(rule) - _SHARED - _OWN[kind]):
        raise _wrong(_("This kind of scoring knows no “%(name)s”.") % {"name": ", ".join(unknown)})
    for name in ("cap", "floor", "plus_max", "minus_max", "full", "each"):
        if name in rule:
            _number(rule[name], name, positive=name in {"each", "full"})
    if "floor" in rule and "cap" in rule and Fraction(str(rule["floor"])) > Fraction(str(rule["cap"])):
        raise _wrong(_("The floor lies above the cap."))
    if "veto" in rule and not (isinstance(rule["veto"], Mapping) and set(rule["veto"]) <= {"grade"}):
        raise _wrong(_("A veto is {} (no points) or names the best grade that is left."))
    _CHECKS[kind](rule, values)


def _wrong(text: Any) -> Problem:
    return Problem(text, field="rule", code="bad_rule")


def _number(value: Any, name: str, *, positive: bool = False) -> Fraction:
    try:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise ValueError(name)
        number = Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise _wrong(_('“%(name)s” must be a number such as 100 or "2.5".') % {"name": name}) from None
    if not (number > 0 if positive else number >= 0) or number > _MOST:
        raise _wrong(_("“%(name)s” must lie between 0 and 1,000.") % {"name": name})
    return number


def _interpolate(rule: Mapping[str, Any], values: Values | None) -> None:
    points = rule.get("points")
    if not isinstance(points, Mapping) or "target" not in points or set(points) - {"threshold", "target", "challenge"}:
        raise _wrong(_("Interpolation needs points for the target, and may have some for threshold and challenge."))
    order = [_number(points[name], name) for name in ("threshold", "target", "challenge") if name in points]
    if order != sorted(order):
        raise _wrong(_("Points must rise from threshold over target to challenge."))
    if values is None:
        return
    marks = [
        mark
        for name, mark in (
            ("threshold", values.threshold_e4),
            ("target", values.target_e4),
            ("challenge", values.challenge_e4),
        )
        if name in points and mark is not None
    ]
    if len(marks) < len(order):
        raise _wrong(_("The rule gives points for a threshold or challenge that the target has no value for."))
    rising = [-mark for mark in marks] if values.direction == LESS else marks
    if any(low >= high for low, high in itertools.pairwise(rising)):
        raise _wrong(_("Threshold, target and challenge must lie in the order in which the indicator gets better."))


def _step(rule: Mapping[str, Any], _values: Values | None) -> None:
    if not (rule.get("up") or rule.get("down")):
        raise _wrong(_('Steps need “up”, “down” or both, such as {"each": 3, "points": 1, "max": 6}.'))
    if rule.get("measure", "percent") not in {"percent", "units"}:
        raise _wrong(_("Steps are measured in “percent” of the target or in “units”."))
    for side in ("up", "down"):
        part = rule.get(side)
        if part is None:
            continue
        if (
            not isinstance(part, Mapping)
            or set(part) - {"each", "points", "max"}
            or not {"each", "points"} <= set(part)
        ):
            raise _wrong(_('Steps need “up”, “down” or both, such as {"each": 3, "points": 1, "max": 6}.'))
        for name, value in part.items():
            _number(value, f"{side}.{name}", positive=name == "each")


def _count(rule: Mapping[str, Any], _values: Values | None) -> None:
    if "each" not in rule:
        raise _wrong(_("Counting needs “each”: the points that one miss costs."))


def _nothing(_rule: Mapping[str, Any], _values: Values | None) -> None:
    return


def _list_of(name: str, text: Any) -> Callable[[Mapping[str, Any], Values | None], None]:
    def check(rule: Mapping[str, Any], _values: Values | None) -> None:
        rows = rule.get(name)
        if not isinstance(rows, list) or not rows:
            raise _wrong(text)
        for row in rows:
            if not isinstance(row, Mapping) or not row.get("name") or set(row) - {"name", "points"}:
                raise _wrong(text)
            _number(row.get("points"), "points")

    return check


_CHECKS: dict[str, Callable[[Mapping[str, Any], Values | None], None]] = {
    "interpolate": _interpolate,
    "step": _step,
    "ratio": _nothing,
    "count": _count,
    "level": _list_of("levels", _('Levels are a list of {"name", "points"}, the lowest first.')),
    "milestone": _list_of("stages", _('Milestones are a list of {"name", "points"} in the order they are passed.')),
}
