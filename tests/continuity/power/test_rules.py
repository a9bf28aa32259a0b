"""The promise of a supply, its forecast, and the walk of the policy: in order, each step once, resumed backwards."""

from __future__ import annotations

import pytest

from mainstay.continuity.power.rules import Move, State, Walk, advance, forecast, judge, runtime_at, state_of, worst_of
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, UNKNOWN
from tests.continuity.site.make import site

POLICY = list(site().power)
PROMISE = 28_800


def state(words: str = "OL", runtime: int | None = 40_000, load: int = 40, charge: int = 100) -> State:
    """A supply."""
    return State(tuple(words.split()), charge, load, runtime, 230)


def test_what_nut_says_is_read() -> None:
    said = {"ups.status": "OB DISCHRG", "battery.charge": "87.5", "ups.load": "x", "battery.runtime": "3600"}
    assert state_of(said) == State(("OB", "DISCHRG"), 87, None, 3600, None)


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        (state(runtime=57_600), GREEN),
        (state(runtime=57_599), RED),
        (state(runtime=40_000, charge=80), AMBER),
        (state(runtime=28_800, load=80), GREEN),
        (state("OB DISCHRG", 60_000), AMBER),
        (state("OB LB", 200), RED),
        (state("OL RB", 90_000), RED),
        (state("", None), UNKNOWN),
        (state("OL", None), UNKNOWN),
    ],
)
def test_eight_hours_at_design_load_are_the_promise(given: State, verdict: str) -> None:
    assert judge("room", given, PROMISE, 80).verdict == verdict


def test_a_heavier_load_than_designed_is_not_made_better() -> None:
    assert runtime_at(state(runtime=1000, load=90), 80) == 1000 and runtime_at(state(runtime=1000, load=40), 80) == 500


def test_the_forecast_is_the_line_of_the_charge() -> None:
    assert forecast([(0, 100), (600, 90), (1200, 80)]) == 4800
    assert forecast([(0, 100)]) is None and forecast([(0, 80), (60, 80)]) is None and forecast([(0, 10), (60, 0)]) == 0


def walk(*looks: tuple[int, State]) -> list[list[str]]:
    """What is done at each look."""
    one = Walk()
    found = []
    for now, given in looks:
        found.append([f"{move} {POLICY[at].do}" for move, at in advance(one, POLICY, given, now)])
        one = Walk.from_dict(one.as_dict())  # a watcher that was started again
    return found


def test_the_policy_is_walked_in_order_each_step_once_and_resumed_backwards() -> None:
    assert walk(
        (0, state()),
        (10, state("OB", 9000)),
        (69, state("OB", 8000)),
        (70, state("OB", 7900)),
        (80, state("OB", 3599)),
        (90, state("OB", 3599)),
        (100, state("OB", 1799)),
        (105, state("", None)),
        (110, state("OB LB", 100)),
        (120, state("OL CHRG", 500)),
        (130, state()),
    ) == [
        [],
        [],
        [],
        ["step notify"],
        ["step stop-reports", "step extra-backup"],
        [],
        ["step stop-app", "step stop-standby", "step stop-primary"],
        [],
        ["step power-off"],
        [
            f"resume {do}"
            for do in (
                "power-off", "stop-primary", "stop-standby", "stop-app", "extra-backup", "stop-reports", "notify",
            )
        ],
        [],
    ]  # fmt: skip


def test_low_means_everything_at_once() -> None:
    (done,) = walk((0, state("OB LB", None)))
    assert done == [f"step {step.do}" for step in POLICY]


def test_a_short_dip_takes_no_step_and_the_clock_begins_anew() -> None:
    assert walk((0, state("OB", 9000)), (30, state()), (70, state("OB", 9000)), (129, state("OB", 9000))) == [[]] * 4


def test_a_silent_supply_moves_nothing() -> None:
    one = Walk(since=0, done=[0])
    assert advance(one, POLICY, state("", None), 9999) == [] and one.done == [0]


def test_of_several_supplies_the_weakest_counts() -> None:
    weak, strong = state("OB", 300), state("OB", 9000)
    assert worst_of([strong, weak, state()]) == weak and worst_of([]).status == ()
    assert Move("step") == Move.STEP
