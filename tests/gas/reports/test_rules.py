"""Ages of debts and shares."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.gas.reports.pages import percent
from mainstay.gas.reports.rules import AGES, age_of, share

DAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("days", "key"),
    [(-9, "not_due"), (0, "not_due"), (1, "d30"), (30, "d30"), (31, "d90"), (90, "d90"), (91, "d180"), (180, "d180"),
     (181, "d365"), (365, "d365"), (366, "older"), (4000, "older")],
)  # fmt: skip
def test_ages(days: int, key: str) -> None:
    assert age_of(DAY - timedelta(days=days), DAY).key == key


@given(st.integers(-500, 5000))
def test_every_due_date_lies_in_exactly_one_age(days: int) -> None:
    due_on = DAY - timedelta(days=days)
    inside = [
        age.key
        for age in AGES
        for earliest, latest in [age.due_between(DAY)]
        if (earliest is None or due_on >= earliest) and (latest is None or due_on <= latest)
    ]
    assert inside == [age_of(due_on, DAY).key]


@given(st.integers(0, 10**15), st.integers(1, 10**15))
def test_a_share_is_rounded_half_up(part: int, whole: int) -> None:
    found = share(part, whole)
    assert found is not None
    assert abs(Fraction(part * 10_000, whole) - found) <= Fraction(1, 2)


def test_there_is_no_share_of_nothing() -> None:
    assert share(5, 0) is None
    assert (share(1, 8), share(2, 3), share(3, 3)) == (1250, 6667, 10_000)


def test_shares_are_read_with_their_sign() -> None:
    assert [percent(one) for one in (9_876, 5, -7, -9_876, 0, None)] == [
        "98.76 %", "0.05 %", "−0.07 %", "−98.76 %", "0.00 %", "—",
    ]  # fmt: skip
