"""Checks of readings, case by case."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.gas.readings.rules import (
    Before,
    Doubt,
    Refusal,
    estimated_index,
    judge,
    metered,
    refusal,
    usual_volume,
)

DIAL = 100_000_000


def before(**changed: object) -> Before:
    facts = {
        "index_l": 1_000_000, "on": date(2026, 10, 25), "estimated": False, "actual_index_l": 1_000_000,
        "history_l": 300_000, "history_days": 300, "last_year_l": 30_000, "last_year_days": 30,
        "dial_l": DIAL, "factor_e4": 10_000,
    }  # fmt: skip
    return Before(**{**facts, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("index", "changed", "volume", "doubts"),
    [
        (1_025_000, {}, 25_000, 0),
        (1_095_000, {}, 95_000, Doubt.JUMP),
        (1_090_000, {}, 90_000, 0),  # three times the usual is not more than three times
        (1_015_000, {"history_l": 30_000, "last_year_l": 3_000}, 15_000, 0),  # a jump, but a small one
        (990_000, {}, -10_000, Doubt.LOWER),
        (990_000, {"estimated": True, "actual_index_l": 980_000}, -10_000, Doubt.OVER_ESTIMATE),
        (970_000, {"estimated": True, "actual_index_l": 980_000}, -30_000, Doubt.LOWER),
        (20_000, {"index_l": 99_990_000}, 30_000, Doubt.ROLLOVER),
        (50_000_000, {"index_l": 99_990_000}, -49_990_000, Doubt.LOWER),
        (1_000_000, {}, 0, Doubt.ZERO),
        (1_000_000, {"history_l": 0, "last_year_l": 0}, 0, 0),
        (1_500_000, {"history_days": 0, "last_year_days": 0}, 500_000, 0),  # nothing to compare with
    ],
)
def test_a_reading_after_a_month(index: int, changed: dict[str, object], volume: int, doubts: int) -> None:
    verdict = judge(index, date(2026, 11, 24), before(**changed))
    assert (verdict.volume_l, verdict.doubts) == (volume, doubts)
    assert verdict.questioned == bool(doubts & (Doubt.LOWER | Doubt.JUMP | Doubt.ZERO))
    assert verdict.rollover == (doubts == Doubt.ROLLOVER)


@pytest.mark.parametrize(
    ("day", "doubts", "questioned"),
    [
        (date(2026, 10, 25), Doubt.SAME_DAY, True),
        (date(2026, 10, 28), Doubt.FEW_DAYS, False),
        (date(2027, 3, 1), Doubt.MANY_DAYS, False),
    ],
)
def test_days(day: date, doubts: int, questioned: bool) -> None:
    verdict = judge(1_001_000, day, before())
    assert verdict.doubts == doubts
    assert verdict.questioned is questioned


@pytest.mark.parametrize(
    ("index", "day", "found"),
    [
        (1_010_000, date(2026, 11, 24), 0),
        (-1, date(2026, 11, 24), Refusal.NEGATIVE),
        (DIAL, date(2026, 11, 24), Refusal.ABOVE_DIAL),
        (1_010_000, date(2026, 11, 26), Refusal.FUTURE),
        (1_010_000, date(2026, 10, 24), Refusal.BEFORE_LAST),
    ],
)
def test_refused(index: int, day: date, found: int) -> None:
    assert refusal(index, day, date(2026, 11, 25), before()) == found


def test_unit_factor() -> None:
    assert metered(1_000, 12_345) == 1_235
    assert metered(-1_000, 12_345) == -1_235
    assert judge(1_010_000, date(2026, 11, 24), before(factor_e4=100_000)).volume_l == 100_000


def test_usual_volume_and_estimate() -> None:
    assert usual_volume(30, before()) == 30_000
    assert usual_volume(30, before(last_year_l=60_000)) == 60_000
    assert usual_volume(30, before(history_days=10, last_year_days=0)) is None
    assert estimated_index(date(2026, 11, 24), before(last_year_l=60_500)) == 1_060_000
    assert estimated_index(date(2026, 11, 24), before(last_year_days=0)) == 1_030_000
    assert estimated_index(date(2026, 11, 24), before(history_days=0, last_year_days=0)) is None
    assert estimated_index(date(2026, 11, 24), before(index_l=DIAL - 2_000)) == DIAL - 1_000


@given(st.lists(st.integers(0, 60_000), min_size=1, max_size=24), st.integers(0, DIAL - 1))
def test_volumes_add_up_to_the_difference_also_round_the_dial(steps: list[int], first: int) -> None:
    """However often it is read and even when the dial goes round, the volumes sum to what went through."""
    index, total = first, 0
    for step in steps:
        new = (index + step) % DIAL
        total += judge(new, date(2026, 11, 24), before(index_l=index, actual_index_l=index)).volume_l
        index = new
    assert total == sum(steps)


@given(st.integers(0, 90_000_000), st.integers(0, 100_000), st.integers(0, 100_000))
def test_an_estimate_is_settled_by_the_next_actual_reading(start: int, estimate: int, used: int) -> None:
    """Estimate and settlement together are what was really used, also when the estimate was too high."""
    first = judge(start + estimate, date(2026, 11, 24), before(index_l=start, actual_index_l=start))
    after = before(index_l=start + estimate, estimated=True, actual_index_l=start, on=date(2026, 11, 24))
    second = judge(start + used, date(2026, 12, 24), after)
    assert first.volume_l + second.volume_l == used
    assert not second.doubts & Doubt.LOWER
