"""Coverage arithmetic, signatures, differences between two records: pure rules."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.inspection.campaigns.rules import Covered, by_class, by_day, coverage, rate_bp, spread
from mainstay.inspection.campaigns.rules_records import Demands, differences, faults_of_signatures
from mainstay.inspection.campaigns.states import ASSIGNMENT, CAMPAIGN, INSPECTION

STATES = [one.key for one in ASSIGNMENT.states]
TARGETS = st.lists(
    st.builds(
        Covered,
        st.integers(),
        st.sampled_from(["city", "county", "rural"]),
        st.sampled_from(STATES),
        reached=st.booleans(),
    ),
    max_size=40,
)


@pytest.mark.parametrize("graph", [ASSIGNMENT, CAMPAIGN, INSPECTION])
def test_graphs_are_sound(graph: Any) -> None:
    assert list(graph.faults()) == []


@given(TARGETS)
def test_every_target_is_inspected_exempt_or_open(targets: list[Covered]) -> None:
    found = coverage(targets)
    assert found.inspected + found.exempt + found.open == found.total == len(targets)
    assert 0 <= found.inspected <= found.reached <= found.due
    assert found.inspected_bp <= found.reached_bp <= 10_000
    assert (found.inspected_bp == 10_000) == found.is_full
    assert found.is_full == all(one.state in ("done", "exempt") for one in targets)


@given(TARGETS)
def test_classes_add_up(targets: list[Covered]) -> None:
    whole, parts = coverage(targets), by_class(targets).values()
    for name in ("total", "inspected", "exempt", "open", "reached", "refused", "unreachable"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)


def test_full_means_all_and_nothing_less() -> None:
    assert rate_bp(99_999, 100_000) == 9_999
    assert rate_bp(0, 0) == 10_000  # all exempt: nothing is left to do


def test_exemptions_refusals_and_late_targets() -> None:
    targets = [
        Covered(1, "city", "done"),
        Covered(2, "city", "refused", reached=True),
        Covered(3, "rural", "exempt", reached=True),
        Covered(4, "rural", "unreachable"),
        Covered(5, "rural", "done", late=True),
    ]
    found = coverage(targets)
    assert (found.total, found.due, found.inspected, found.reached, found.open, found.late) == (5, 4, 2, 3, 2, 1)
    assert (found.inspected_bp, found.reached_bp) == (5_000, 7_500)


def test_days_add_up_and_tell_what_is_behind() -> None:
    first = date(2026, 9, 14)
    days = [first + timedelta(days=n) for n in range(3)]
    lines = by_day([(days[0], 4), (days[2], 9)], [(days[0], 3), (days[1], 2)], days[0], days[2])
    assert [(one.planned, one.inspected, one.behind) for one in lines] == [(4, 3, 1), (4, 5, 0), (13, 5, 8)]


@given(st.integers(0, 400), st.integers(0, 60))
def test_days_are_spread_evenly(count: int, length: int) -> None:
    first = date(2026, 1, 1)
    days = spread(count, first, first + timedelta(days=length))
    loads = [days.count(day) for day in sorted(set(days))]
    assert days == sorted(days) and len(days) == count
    assert not loads or max(loads) - min(loads) <= 1 or count <= length + 1


def _signed(*roles: str, **more: Any) -> list[dict[str, Any]]:
    return [{"role": role, "name": f"{role}{number}", **more} for number, role in enumerate(roles)]


@pytest.mark.parametrize(
    ("signatures", "faults"),
    [
        (_signed("inspector", "inspector", "companion"), []),
        (_signed("inspector", "companion"), ["few_inspectors"]),
        ([*_signed("inspector"), *_signed("inspector"), *_signed("companion")], ["few_inspectors", "signed_twice"]),
        (_signed("inspector", "inspector"), ["no_companion"]),
        (
            [*_signed("inspector", "inspector"), *_signed("companion", refused=True)],
            ["no_refusal_reason"],
        ),
        (
            [*_signed("inspector", "inspector"), *_signed("companion", refused=True, reason="有异议")],
            ["no_witness"],
        ),
        ([*_signed("inspector", "inspector", "witness"), *_signed("companion", refused=True, reason="有异议")], []),
    ],
)
def test_signatures(signatures: list[dict[str, Any]], faults: list[str]) -> None:
    assert faults_of_signatures("done", signatures, Demands()) == faults
    assert faults_of_signatures("nobody_home", signatures, Demands()) == []


def test_what_two_records_say_differently() -> None:
    mine = {"outcome": "done", "note": "", "answers": {"A": {"result": "pass", "note": ""}, "B": {"number": "3"}}}
    theirs = {"outcome": "done", "note": "", "answers": {"A": {"result": "fail"}, "C": {"result": "na"}}}
    found = {one.item: (one.mine, one.theirs) for one in differences(mine, theirs)}
    assert found == {
        "A": ({"result": "pass"}, {"result": "fail"}),
        "B": ({"number": "3"}, {}),
        "C": ({}, {"result": "na"}),
    }
    assert differences(mine, mine) == []
