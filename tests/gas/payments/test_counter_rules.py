"""Cheques a bank pays, books of forms that are books, counts that add up."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.gas.payments.counter_rules import NewCheque, book_fault, cheque_fault, form_count

DAY = dt.date(2026, 11, 20)
GOOD = {"number": "3040231012345678", "bank": "汇通银行城西支行", "drawer": "汇通酒楼有限公司", "drawn_on": DAY}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, None),
        ({"number": "12345678"}, None),
        ({"number": "1234567"}, "number"),
        ({"number": "１２３４５６７８"}, "number"),
        ({"bank": ""}, "bank"),
        ({"drawer": ""}, "drawer"),
        ({"drawn_on": DAY + dt.timedelta(days=1)}, "future"),
        ({"drawn_on": DAY - dt.timedelta(days=10)}, None),
        ({"drawn_on": DAY - dt.timedelta(days=11)}, "late"),
    ],
)
def test_a_cheque_is_taken_only_when_the_bank_will_pay_it(change, fault) -> None:
    assert cheque_fault(NewCheque(**{**GOOD, **change}), DAY) == fault


@pytest.mark.parametrize(
    ("series", "first", "last", "digits", "fault"),
    [
        ("26A", 1, 100, 8, None),
        ("", 5, 5, 1, None),
        ("收", 1, 2, 8, "series"),
        ("A", 0, 2, 8, "range"),
        ("A", 3, 2, 8, "range"),
        ("A", 1, 1000, 3, "digits"),
        ("A", 1, 100_000, 8, None),
        ("A", 1, 100_001, 8, "size"),
    ],
)
def test_a_run_of_numbers_that_is_a_book(series, first, last, digits, fault) -> None:
    assert book_fault(series, first, last, digits) == fault


@given(st.lists(st.sampled_from(["used", "void", "wasted"]), max_size=40), st.integers(0, 20))
def test_every_number_is_explained(states, left) -> None:
    issued = max(len(states) + left, 1)
    counts = {state: states.count(state) for state in set(states)}
    count = form_count(101, 100 + issued, 101 + len(states), counts)
    assert (count.issued, count.missing) == (issued, 0)
    assert count.used + count.void + count.wasted + count.left == issued
