"""Scoring rules: each kind by hand-computed cases, and what holds for all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kit.errors import Problem
from mainstay.performance.plans.rules import Reported, Values, check_rule, grade_cap, score

E4 = 10_000
FOUR = {"kind": "interpolate", "points": {"threshold": 60, "target": 100, "challenge": 120}}
STEP = {
    "kind": "step",
    "full": 30,
    "up": {"each": 3, "points": 1, "max": 6},
    "down": {"each": 3, "points": 1, "max": 6},
}
COUNT = {"kind": "count", "each": 5}
LEVEL = {
    "kind": "level",
    "levels": [{"name": "差", "points": 0}, {"name": "中", "points": 60}, {"name": "优", "points": 100}],
}
STAGES = {"kind": "milestone", "stages": [{"name": "立项", "points": 30}, {"name": "验收", "points": "70.5"}]}


def values(target: float, **facts: Any) -> Values:
    marks = {f"{name}_e4": round(facts.pop(name) * E4) for name in ("threshold", "challenge") if name in facts}
    return Values(round(target * E4), **marks, **facts)


BAND = values(95, threshold=90, challenge=98)
FEWER = values(10, threshold=20, challenge=5, direction="less")


@pytest.mark.parametrize(
    ("rule", "target", "actual", "points"),
    [
        (FOUR, BAND, 95, 100),
        (FOUR, BAND, 90, 60),
        (FOUR, BAND, 92.5, 80),
        (FOUR, BAND, 96.5, 110),
        (FOUR, BAND, 98, 120),
        (FOUR, BAND, 100, 120),
        (FOUR, BAND, 89.9, 0),
        (FOUR, FEWER, 10, 100),
        (FOUR, FEWER, 15, 80),
        (FOUR, FEWER, 4, 120),
        (FOUR, FEWER, 21, 0),
        # SASAC: base 30; each 3 % over +1, at most +6; each 3 % under −1, at most −6
        (STEP, values(100), 100, 30),
        (STEP, values(100), 102.9, 30),
        (STEP, values(100), 103, 31),
        (STEP, values(100), 200, 36),
        (STEP, values(100), 97, 29),
        (STEP, values(100), 50, 24),
        ({"kind": "ratio", "cap": 120}, values(80), 60, 75),
        ({"kind": "ratio", "cap": 120}, values(80), 120, 120),
        ({"kind": "ratio"}, values(80, direction="less"), 100, 75),
        ({"kind": "ratio"}, values(80, direction="less"), 200, 0),
        ({"kind": "ratio"}, values(80, direction="exact"), 72, 90),
        ({"kind": "ratio"}, values(0, direction="less"), 0, 100),
        (COUNT, values(2, direction="less"), 1, 100),
        (COUNT, values(2, direction="less"), 5, 85),
        (COUNT, values(0, direction="less"), 40, 0),
        (LEVEL, values(3), 3, 100),
        (LEVEL, values(3), 1, 0),
        (STAGES, values(2), 0, 0),
        (STAGES, values(2), 1, 30),
        (STAGES, values(2), 2, 100.5),
        ({**COUNT, "floor": 40}, values(0), 40, 40),
    ],
)
def test_points_by_hand(rule: dict[str, Any], target: Values, actual: float, points: float) -> None:
    check_rule(rule, target)
    found, sentence = score(rule, target, round(actual * E4))
    assert found == round(points * 100), str(sentence)
    assert any(character > "一" for character in sentence.zh) and sentence.en.isprintable() and "分" not in sentence.en


def test_modifiers() -> None:
    rule = {"kind": "ratio", "cap": 110, "plus_max": 5, "minus_max": 10, "veto": {}}
    reached = Reported(100 * E4, plus_e2=900, minus_e2=200)
    points, sentence = score(rule, values(100), reached)
    assert points == 10_300
    assert "加分 5" in sentence.zh and "扣分 2" in sentence.zh
    points, sentence = score(rule, values(100), Reported(100 * E4, veto=True))
    assert points == 0 and "Veto" in sentence.en
    capped = {**rule, "veto": {"grade": "C"}}
    assert score(capped, values(100), Reported(100 * E4, veto=True)).points_e2 == 10_000
    assert grade_cap(capped, Reported(0, veto=True)) == "C"
    assert grade_cap(capped, Reported(0)) == grade_cap(rule, Reported(0, veto=True)) == ""
    unasked = score({"kind": "ratio"}, values(100), Reported(100 * E4, veto=True, plus_e2=500))
    assert unasked.points_e2 == 10_000, "events count only where the rule knows them"


@pytest.mark.parametrize(
    "rule",
    [
        None,
        {"kind": "python"},
        {"kind": "ratio", "eval": "1"},
        {"kind": "ratio", "cap": "a"},
        {"kind": "ratio", "cap": 1.5},
        {"kind": "ratio", "cap": 50, "floor": 60},
        {"kind": "ratio", "veto": {"to": 1}},
        {"kind": "interpolate", "points": {"threshold": 60}},
        {"kind": "interpolate", "points": {"threshold": 110, "target": 100}},
        {"kind": "step"},
        {"kind": "step", "up": {"each": 0, "points": 1}},
        {"kind": "step", "up": {"each": 1, "points": 1, "most": 2}},
        {"kind": "step", "up": {"each": 1, "points": 1}, "measure": "miles"},
        {"kind": "count"},
        {"kind": "level", "levels": []},
        {"kind": "milestone", "stages": [{"points": 1}]},
        {"kind": "milestone", "stages": [{"name": "a", "points": -1}]},
    ],
)
def test_bad_rules_are_told(rule: Any) -> None:
    with pytest.raises(Problem) as caught:
        check_rule(rule)
    assert caught.value.field == "rule"


@pytest.mark.parametrize(
    "target", [values(95, challenge=98), values(95, threshold=96, challenge=98), BAND.__class__(1)]
)
def test_rules_must_fit_the_values(target: Values) -> None:
    with pytest.raises(Problem):
        check_rule(FOUR, target)


numbers = st.integers(min_value=0, max_value=10**9)


@given(low=numbers, high=numbers, kind=st.sampled_from(["interpolate", "step", "ratio"]))
def test_more_is_never_worse(low: int, high: int, kind: str) -> None:
    rule = {"interpolate": FOUR, "step": STEP, "ratio": {"kind": "ratio", "cap": 120}}[kind]
    low, high = sorted((low, high))
    assert score(rule, BAND, low).points_e2 <= score(rule, BAND, high).points_e2


@given(value=st.integers(min_value=-(10**10), max_value=10**10), veto=st.booleans(), plus=numbers, minus=numbers)
def test_cap_and_floor_hold_whatever_comes(value: int, veto: bool, plus: int, minus: int) -> None:
    rule = {"kind": "ratio", "cap": 120, "floor": 10, "plus_max": 30, "minus_max": 30, "veto": {}}
    points = score(rule, BAND, Reported(value, veto, plus, minus)).points_e2
    assert points == 0 if veto else 1_000 <= points <= 12_000
