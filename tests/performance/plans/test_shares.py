"""Weights, shares, coverage, roll-up, periods and numbers."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kit.errors import Problem
from mainstay.performance.plans.rules import Coverage, Part, contract_points, coverage, digest_of, roll_up
from mainstay.performance.plans.rules.amending import check_move, moved_bp
from mainstay.performance.plans.rules.amounts import number_text, parse_number
from mainstay.performance.plans.rules.calendar import tree_of
from mainstay.performance.plans.rules.shares import (
    Sums,
    attained_bp,
    check_shares,
    check_weights,
    combined,
    coverage_of,
)

E4 = 10_000
weights = st.lists(st.integers(min_value=1, max_value=10_000), min_size=1, max_size=12)


@given(weights)
def test_weights_pass_only_at_exactly_100(found: list[int]) -> None:
    if sum(found) == 10_000:
        check_weights(found)
    else:
        with pytest.raises(Problem):
            check_weights(found)
    rest = [1] * (len(found) - 1)
    check_weights([*rest, 10_000 - sum(rest)])


@given(st.lists(st.integers(min_value=-5, max_value=10_001), max_size=6))
def test_shares_never_pass_100_together(found: list[int]) -> None:
    good = all(one > 0 for one in found) and sum(found) <= 10_000
    if good:
        check_shares(found)
    else:
        with pytest.raises(Problem):
            check_shares(found)


@given(
    st.integers(min_value=1, max_value=10**12),
    st.lists(st.tuples(st.integers(1, 10_000), st.integers(0, 10**12)), max_size=8),
    st.booleans(),
)
def test_covered_and_uncovered_are_the_whole(target: int, children: list[tuple[int, int]], additive: bool) -> None:
    found = coverage(target, [Part(*child) for child in children], additive=additive)
    assert found.covered_bp + found.uncovered_bp == 10_000
    assert found.over_bp >= 0 and not (found.over_bp and found.uncovered_bp)
    assert found.whole == (found == Coverage(10_000, 0, 0))


@given(
    st.integers(0, 10**9),
    st.lists(st.tuples(st.integers(1, 10_000), st.integers(-(10**6), 10**9), st.none() | st.integers(1, 10_000))),
    st.booleans(),
)
def test_parts_added_up_cover_the_same(target: int, children: list[Any], additive: bool) -> None:
    parts = [Part(share, value, covers) for share, value, covers in children]
    shared = tuple((part.share_bp, 1, part.target_e4) for part in parts if part.covers_bp is None)
    sums = Sums(len(parts), sum(part.covers_bp or 0 for part in parts), shared)
    assert coverage_of(target, sums, additive=additive) == coverage(target, parts, additive=additive)


def test_coverage_by_hand() -> None:
    parts = [Part(10_000, 60 * E4), Part(5_000, 50 * E4)]
    assert coverage(100 * E4, parts, additive=True) == Coverage(8_500, 1_500, 0)
    assert coverage(100 * E4, [*parts, Part(10_000, 20 * E4)], additive=True) == Coverage(10_000, 0, 500)
    rates = [Part(10_000, 95 * E4, covers_bp=7_000), Part(10_000, 90 * E4, covers_bp=3_000)]
    assert coverage(95 * E4, rates, additive=False).whole


def test_roll_up_by_hand() -> None:
    assert roll_up(100 * E4, [Part(10_000, 0), Part(10_000, 0)], additive=True) is None
    sums = [Part(10_000, 60 * E4, actual_e4=66 * E4), Part(5_000, 50 * E4, actual_e4=40 * E4)]
    assert roll_up(100 * E4, sums, additive=True) == 86 * E4
    # 70 % of the parent attained to 100 %, 30 % to 90 %: 97 % of 95.
    rates = [Part(10_000, 0, 7_000, E4, 10_000), Part(10_000, 0, 3_000, E4, 9_000)]
    assert roll_up(95 * E4, rates, additive=False) == 921_500


def test_points_of_a_contract() -> None:
    assert contract_points([(6_000, 10_000), (4_000, 8_000)]) == 9_200
    assert contract_points([(3_333, 10_001), (6_667, 9_999)]) == 10_000


def test_values_of_parts_are_combined() -> None:
    assert combined([], "sum") is None
    assert [combined([1, 2, 6], how) for how in ("sum", "last", "mean")] == [9, 6, 3]


@pytest.mark.parametrize(
    ("target", "actual", "direction", "reached"),
    [
        (80, 60, "more", 7_500),
        (80, 100, "less", 7_500),
        (80, 88, "exact", 9_000),
        (0, 0, "less", 10_000),
        (0, 1, "less", 0),
    ],
)
def test_attainment(target: int, actual: int, direction: str, reached: int) -> None:
    assert attained_bp(target * E4, actual * E4, direction) == reached


def test_moves_add_up_within_a_quarter() -> None:
    assert moved_bp(100, 90) == 1_000 and moved_bp(0, 5) == 10_000 and moved_bp(5, 5) == 0
    assert check_move(100, 106, [400], 1_000, "收费率") == 600
    with pytest.raises(Problem, match="6"):
        check_move(100, 106, [401], 1_000, "收费率")


def test_a_year_is_a_tree_without_gaps() -> None:
    spans = {span.code: span for span in tree_of(2026)}
    assert len(spans) == 1 + 4 + 12 + 53
    for kind in ("quarter", "month"):
        rows = sorted((span for span in spans.values() if span.kind == kind), key=lambda span: span.from_on)
        assert rows[0].from_on == date(2026, 1, 1) and rows[-1].until_on == date(2026, 12, 31)
        assert all((after.from_on - before.until_on).days == 1 for before, after in itertools.pairwise(rows))
        assert all(
            spans[row.parent].from_on <= row.from_on <= row.until_on <= spans[row.parent].until_on for row in rows
        )
    assert spans["2026W01"].parent == "2026-01" and spans["2026W53"].parent == "2026-12"
    assert spans["2026-02"].until_on == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("text", "value"), [("96.5", 965_000), ("-1,200", -12_000_000), ("９５％", 950_000), ("0.0001", 1)]
)
def test_numbers_are_read(text: str, value: int) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "a", "1.00001", "1,20", "1" * 15, "1e3"])
def test_what_is_no_number_is_told(text: str) -> None:
    with pytest.raises(Problem):
        parse_number(text)


@given(st.integers(min_value=-(10**13), max_value=10**13))
def test_numbers_come_back_from_their_text(value: int) -> None:
    assert parse_number(number_text(value)) == value


def test_the_hash_knows_the_content_not_its_order() -> None:
    assert digest_of({"a": 1, "b": [1, 2]}) == digest_of({"b": [1, 2], "a": 1}) != digest_of({"a": 1, "b": [2, 1]})
