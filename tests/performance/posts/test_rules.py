"""Rules of responsibility and the swim lane, without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kit.swimlane import Stop, swimlane
from mainstay.performance.posts.rules import (
    Basis,
    Has,
    Need,
    compare,
    duties_problem,
    fit_bp,
    fit_of,
    stale_reasons,
    steps_problem,
)

TODAY = date(2026, 6, 30)
NOW = Basis(1, 2, "维修主管", {"P1": 1})


def test_what_rests_on_the_same_is_not_stale() -> None:
    assert stale_reasons(NOW.as_json(), NOW) == []


@pytest.mark.parametrize(
    ("now", "word"),
    [
        (Basis(9, 2, "维修主管", {"P1": 1}), "unit"),
        (Basis(1, 9, "维修主管", {"P1": 1}), "superior"),
        (Basis(1, None, "维修主管", {"P1": 1}), "superior"),
        (Basis(1, 2, "工程主管", {"P1": 1}), "renamed"),
        (Basis(1, 2, "维修主管", {"P1": 2}), "P1"),
        (Basis(1, 2, "维修主管", {"P1": 1, "P7": 1}), "P7"),
        (Basis(1, 2, "维修主管", {}), "P1"),
    ],
)
def test_each_change_makes_stale(now: Basis, word: str) -> None:
    with override("en"):
        reasons = [str(one) for one in stale_reasons(NOW.as_json(), now)]
    assert len(reasons) == 1
    assert word in reasons[0]


@pytest.mark.parametrize(
    ("held", "result"),
    [
        ([], "missing"),
        ([Has(1, 3, date(2020, 1, 1))], "met"),
        ([Has(1, 1, date(2020, 1, 1))], "below"),
        ([Has(1, 3, date(2020, 1, 1), TODAY - timedelta(days=1))], "expired"),
        ([Has(1, 3, date(2020, 1, 1), TODAY)], "soon"),
        ([Has(1, 3, date(2020, 1, 1), TODAY + timedelta(days=61))], "met"),
        ([Has(1, 3, TODAY + timedelta(days=1))], "missing"),
        ([Has(2, 5, date(2020, 1, 1))], "missing"),
        ([Has(1, 3, date(2020, 1, 1), TODAY - timedelta(days=1)), Has(1, 3, date(2025, 1, 1))], "met"),
    ],
)
def test_fit(held: list[Has], result: str) -> None:
    assert fit_of(Need(1, 2, True), held, TODAY) == result


def test_fit_counts_essentials_twice() -> None:
    results = [(Need(1, 1, True), "met"), (Need(2, 1, False), "missing")]
    assert fit_bp(results) == 6666
    assert fit_bp([]) == 10_000


@given(st.lists(st.integers(1, 10_000), max_size=8))
def test_duties_are_whole_exactly_at_a_hundred_per_cent(weights: list[int]) -> None:
    assert (duties_problem(weights) is None) == (sum(weights) == 10_000)


@given(st.text(alphabet="ab\n", max_size=30), st.text(alphabet="ab\n", max_size=30))
def test_a_comparison_holds_both_texts(old: str, new: str) -> None:
    lines = compare(old, new)
    assert [one.text for one in lines if one.kind != "new"] == old.splitlines()
    assert [one.text for one in lines if one.kind != "gone"] == new.splitlines()


def test_ways_lead_to_steps() -> None:
    assert steps_problem([1, 2], {1: [2], 2: [1]}) is None
    assert steps_problem([], {}) is not None
    assert "3" in str(steps_problem([1, 2], {2: [3]}))
    assert steps_problem([1, 2], {2: [2]}) is not None


def test_a_swim_lane_shows_lanes_steps_and_ways() -> None:
    stops = [
        Stop(1, "客户", "报修", "电话"),
        Stop(2, "客服专员", "登记并派单", "工单 · 1 小时"),
        Stop(3, "维修工", "上门维修 <紧急>"),
        Stop(4, "客服专员", "回访", ways=[(3, "不满意")]),
    ]
    picture = swimlane("报修流程", stops)
    assert picture.count('class="lane-step"') == 4
    assert picture.count('class="lane-name"') == 3
    assert picture.count("marker-end") == 4
    assert "lane-detour" in picture and "不满意" in picture
    assert "<紧急>" not in picture and "&lt;紧急&gt;" in picture
    assert "style=" not in picture


def test_a_step_with_ways_goes_only_there() -> None:
    stops = [Stop(1, "a", "x", ways=[(3, "")]), Stop(2, "a", "y"), Stop(3, "a", "z")]
    picture = swimlane("t", stops)
    assert picture.count("marker-end") == 2
    assert picture.count("lane-detour") == 1
