"""Reasons of differences."""

from mainstay.gas.takeover.rules import reason_of


def test_the_first_assumption_that_gives_the_old_amount_is_the_reason() -> None:
    assert reason_of(100, None, {}) == "no_price"
    assert reason_of(100, 100, {"counter": 100}) == "equal"
    assert reason_of(100, 120, {"persons": 100, "counter": 100}) == "counter"
    assert reason_of(100, 120, {"persons": 100}) == "persons"
    assert reason_of(100, 101, {"persons": 300}) == "rounding"
    assert reason_of(100, 120, {"old_price": 101}) == "old_price"
    assert reason_of(100, 120, {"old_price": 300}) == "unknown"
