"""Grades, ratios, boxes and pools: what must hold for any input."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.performance.appraisal.rules import (
    Band,
    Scored,
    bands_of,
    bands_problem,
    box_of,
    grade_of,
    grades_of,
    mean_e2,
    part_of,
    rank,
    split_pool,
    units_above,
)
from tests.performance.appraisal.make import BANDS

GRADES = bands_of(BANDS)
scores = st.integers(0, 15_000)
pools = st.integers(0, 10**12)


@given(pools, st.dictionaries(st.integers(0, 500), st.integers(0, 10**9), min_size=1, max_size=60))
def test_the_shares_of_a_pool_sum_to_it_exactly(pool: int, weights: dict[int, int]) -> None:
    if not any(weights.values()):
        with pytest.raises(ValueError, match="0"):
            split_pool(pool, weights)
        return
    shares = split_pool(pool, weights)
    total = sum(weights.values())
    assert sum(shares.values()) == pool
    assert all(abs(shares[key] * total - pool * weight) < total for key, weight in weights.items()), "a fen at most"
    assert all(shares[key] == 0 for key, weight in weights.items() if not weight)


@given(pools, st.dictionaries(st.integers(0, 50), st.integers(1, 10**6), min_size=2, max_size=20))
def test_who_weighs_more_gets_no_less(pool: int, weights: dict[int, int]) -> None:
    shares = split_pool(pool, weights)
    ordered = sorted(weights, key=lambda key: weights[key])
    assert all(shares[a] <= shares[b] for a, b in itertools.pairwise(ordered) if weights[a] < weights[b])


def test_a_pool_by_hand() -> None:
    """98.00 × 1.2, 90.00 × 1, 62.00 × 1 of 10,000.00 yuan."""
    weights = {1: 9_800 * 12_000, 2: 9_000 * 10_000, 3: 6_200 * 10_000}
    assert split_pool(1_000_000, weights) == {1: 436_202, 2: 333_828, 3: 229_970}


@given(scores, st.lists(st.sampled_from("ABCDE"), max_size=3), st.booleans())
def test_a_grade_follows_from_score_caps_and_veto_alone(score: int, caps: list[str], vetoed: bool) -> None:
    grade = grade_of(score, GRADES, caps=caps, vetoed=vetoed)
    assert grade == grade_of(score, GRADES, caps=list(reversed(caps)), vetoed=vetoed)
    assert all(rank(grade, GRADES) >= rank(cap, GRADES) for cap in caps)
    if vetoed:
        assert grade == "E"
    elif not caps:
        band = GRADES[rank(grade, GRADES)]
        better = [one for one in GRADES if one.from_e2 > band.from_e2]
        assert score >= band.from_e2 and all(score < one.from_e2 for one in better)


@given(scores, scores)
def test_a_better_score_has_no_worse_grade(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert rank(grade_of(high, GRADES), GRADES) <= rank(grade_of(low, GRADES), GRADES)


@given(st.lists(scores, min_size=1, max_size=19))
def test_small_groups_know_no_ratios(values: list[int]) -> None:
    people = [Scored(key, value) for key, value in enumerate(values)]
    assert grades_of(people, GRADES, fewest=20) == {one.key: grade_of(one.score_e2, GRADES) for one in people}


@given(st.lists(scores, min_size=20, max_size=80))
def test_ratios_hold_and_equals_are_graded_alike(values: list[int]) -> None:
    people = [Scored(key, value) for key, value in enumerate(values)]
    found = grades_of(people, GRADES, fewest=20)
    for place, band in enumerate(GRADES):
        if band.ratio_bp is not None:
            inside = sum(rank(grade, GRADES) <= place for grade in found.values())
            assert inside * 10_000 <= len(people) * band.ratio_bp
    by_score: dict[int, set[str]] = {}
    for one in people:
        by_score.setdefault(one.score_e2, set()).add(found[one.key])
    assert all(len(grades) == 1 for grades in by_score.values())
    assert all(rank(found[one.key], GRADES) >= rank(grade_of(one.score_e2, GRADES), GRADES) for one in people)


def test_twenty_people_by_hand() -> None:
    """Twenty people at 96 to 77 points: 10 % are two A (96, 95), 40 % with B are eight; the others have C."""
    people = [Scored(score, score * 100) for score in range(77, 97)]
    found = grades_of(people, GRADES, fewest=20)
    assert sorted(key for key, grade in found.items() if grade == "A") == [95, 96]
    assert sorted(key for key, grade in found.items() if grade == "B") == [89, 90, 91, 92, 93, 94]
    assert {found[key] for key in range(77, 89)} == {"C"}


@pytest.mark.parametrize(
    "bands",
    [
        [],
        [Band("A", 9000)],
        [Band("A", 9000), Band("A", 0)],
        [Band("A", 0), Band("B", 0)],
        [Band("A", 9000, 0), Band("B", 0)],
        [Band("A", 9000, 4000), Band("B", 8000, 1000), Band("C", 0)],
    ],
)
def test_bands_that_leave_a_score_without_one_grade(bands: list[Band]) -> None:
    assert bands_problem(bands) is not None
    assert bands_problem(GRADES) is None


@given(st.lists(st.integers(1, 5), min_size=1, max_size=30))
def test_means_are_rounded_once(levels: list[int]) -> None:
    found = mean_e2(levels)
    assert found is not None
    assert abs(found * len(levels) - sum(levels) * 100) * 2 <= len(levels)


def test_boxes_keep_the_axes_apart() -> None:
    parts = (1, 2, 3)
    assert [box_of(result, potential) for potential in parts for result in parts] == list(range(1, 10))
    assert box_of(None, 3) is None and box_of(3, None) is None
    assert [part_of(value, 7500, 9500) for value in (7499, 7500, 9499, 9500, None)] == [1, 2, 2, 3, None]
    assert mean_e2([]) is None


def test_units_above_their_cap() -> None:
    assert units_above({1: 8100, 2: 7900}, 8000) == [1]
    assert units_above({1: 8100}, None) == []
