"""Late fees as arithmetic: days, grace, caps, parts paid on the way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mainstay.gas.latefees import rules
from mainstay.gas.latefees.rules import Owed, Terms, to_post

DUE = date(2026, 3, 15)
RESIDENT = Terms(3_000)


def late_fee(terms: Terms, amount: int, due_on: date, paid: Any, on: date, *, volume_l: int = 0) -> rules.Late:
    return rules.late_fee(terms, Owed(amount, due_on, tuple(paid), volume_l), on)


def day(number: int) -> date:
    return DUE + timedelta(days=number)


def test_the_rate_is_multiplied_by_the_days() -> None:
    assert [late_fee(RESIDENT, 10_000, DUE, [], day(n)).fee_fen for n in (1, 2, 10, 100)] == [30, 60, 300, 3_000]


def test_a_bill_not_yet_due_costs_nothing() -> None:
    assert all(late_fee(RESIDENT, 10_000, DUE, [], day(n)).fee_fen == 0 for n in (-400, -1, 0))


def test_grace_forgives_who_pays_within_it_and_nobody_else() -> None:
    kind = Terms(3_000, grace_days=10)
    assert late_fee(kind, 10_000, DUE, [], day(10)).fee_fen == 0
    assert late_fee(kind, 10_000, DUE, [], day(11)).fee_fen == 330  # from the due date on
    assert late_fee(kind, 10_000, DUE, [(day(10), 10_000)], day(40)).fee_fen == 0
    assert late_fee(kind, 10_000, DUE, [(day(11), 10_000)], day(40)).fee_fen == 330
    assert late_fee(Terms(3_000, 10, "grace"), 10_000, DUE, [], day(11)).fee_fen == 30


def test_each_fen_costs_for_the_days_it_was_open() -> None:
    paid = [(day(10), 4_000), (day(20), 6_000)]
    assert late_fee(RESIDENT, 10_000, DUE, paid, day(15)).fee_fen == 300 + 6_000 * 5 * 3 // 1_000
    assert late_fee(RESIDENT, 10_000, DUE, paid, day(90)).fee_fen == 300 + 180
    reversed_on = [*paid, (day(30), -6_000)]
    assert late_fee(RESIDENT, 10_000, DUE, reversed_on, day(40)).fee_fen == 300 + 180 + 180


def test_cap_least_volume_and_least_fee() -> None:
    assert late_fee(RESIDENT, 10_000, DUE, [], day(1_000)).fee_fen == 10_000
    assert late_fee(RESIDENT, 10_000, DUE, [], day(1_000)).capped
    assert late_fee(Terms(3_000, min_volume_l=5_000), 10_000, DUE, [], day(9), volume_l=4_999).fee_fen == 0
    assert late_fee(Terms(3_000, min_volume_l=5_000), 10_000, DUE, [], day(9), volume_l=5_000).fee_fen == 270
    assert to_post(Terms(3_000, min_fee_fen=100), 99, 0) == 0
    assert to_post(Terms(3_000, min_fee_fen=100), 130, 100) == 30
    assert to_post(RESIDENT, 50, 80) == 0


@given(st.integers(1, 10**7), st.integers(1, 4_000), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 10**6))))
def test_paying_earlier_never_costs_more(amount: int, until: int, parts: list[tuple[int, int]]) -> None:
    left, paid = amount, []
    for number, fen in sorted(parts):
        part = min(left, fen)
        paid.append((day(number), part))
        left -= part
    later = [(on + timedelta(days=1), fen) for on, fen in paid]
    on = day(until)
    fee = late_fee(RESIDENT, amount, DUE, paid, on).fee_fen
    assert 0 <= fee <= late_fee(RESIDENT, amount, DUE, later, on).fee_fen <= amount
