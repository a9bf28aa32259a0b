"""Allocation conserves money and never over-allocates."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.gas.payments import rules
from mainstay.gas.payments.rules import Item

DAY = dt.date(2026, 1, 1)


def _items(amounts: list[int], dues: list[int]) -> list[Item]:
    return [
        Item(202601 + n // 2, n % 2, DAY + dt.timedelta(days=due), amount)
        for n, (amount, due) in enumerate(zip(amounts, dues, strict=False))
    ]


AMOUNTS = st.lists(st.integers(-50_000, 50_000).filter(bool), max_size=8)
DUES = st.lists(st.integers(0, 5), min_size=8, max_size=8)


@given(AMOUNTS, DUES, st.integers(0, 200_000), st.sets(st.integers(0, 7)))
def test_allocation_adds_up_and_never_exceeds(
    amounts: list[int], dues: list[int], amount: int, chosen: set[int]
) -> None:
    items = _items(amounts, dues)
    keys = {items[n].key for n in chosen if n < len(items)}
    moves, rest = rules.allocate(items, amount, keys)
    assert sum(move.amount_fen for move in moves) + rest == amount
    assert all(0 < move.amount_fen <= move.item.open_fen for move in moves)
    assert len({move.item.key for move in moves}) == len(moves)
    if rest:
        assert sum(move.amount_fen for move in moves) == sum(max(item.open_fen, 0) for item in items)


@given(AMOUNTS, DUES, st.integers(0, 200_000))
def test_settlement_conserves_and_leaves_no_advance_beside_a_debt(
    amounts: list[int], dues: list[int], advance: int
) -> None:
    items = _items(amounts, dues)
    settled = rules.settle(items, advance)
    assert sum(move.amount_fen for move in settled.netted) == 0
    left = {item.key: item.open_fen for item in items}
    for move in settled.netted + settled.from_advance:
        left[move.item.key] -= move.amount_fen
    after = advance + settled.advance_fen
    assert after >= 0
    assert min(left.values(), default=0) >= 0
    assert after == 0 or not any(left.values())
    assert sum(left.values()) - after == sum(amounts) - advance


def test_oldest_due_is_paid_first() -> None:
    items = [Item(202603, 0, DAY, 100), Item(202601, 0, DAY + dt.timedelta(days=9), 100)]
    moves, rest = rules.allocate(items, 150)
    assert [(move.item.period, move.amount_fen) for move in moves] == [(202603, 100), (202601, 50)]
    assert rest == 0


def test_chosen_bills_come_first_and_the_rest_follows_by_age() -> None:
    items = [Item(202600 + n, 0, DAY + dt.timedelta(days=n), 100) for n in (1, 2, 3)]
    moves, rest = rules.allocate(items, 250, {(202603, 0)})
    assert [(move.item.period, move.amount_fen) for move in moves] == [(202603, 100), (202601, 100), (202602, 50)]
    assert rest == 0


def test_a_credit_is_used_for_its_own_period_first() -> None:
    items = [Item(202601, 0, DAY, 300), Item(202602, 0, DAY, 200), Item(202602, 1, DAY, -200)]
    settled = rules.settle(items, 0)
    assert {(m.item.key, m.amount_fen) for m in settled.netted} == {((202602, 0), 200), ((202602, 1), -200)}
    assert settled.from_advance == []


def test_after_cancel_and_rebill_the_new_bill_is_the_open_one() -> None:
    bill, reversal, rebill = (
        Item(202602, 0, DAY + dt.timedelta(days=9), 200),
        Item(202602, 1, DAY, -200, refers_seq=0),
        Item(202602, 2, DAY, 180),
    )
    settled = rules.settle([rebill, bill, reversal], 0)
    assert {(m.item.key, m.amount_fen) for m in settled.netted} == {(bill.key, 200), (reversal.key, -200)}
    half_paid = rules.settle([rebill, Item(202602, 0, DAY, 50), reversal], 0)
    assert {(m.item.key, m.amount_fen) for m in half_paid.netted} == {
        (bill.key, 50),
        (rebill.key, 150),
        (reversal.key, -200),
    }


@given(AMOUNTS, DUES, st.integers(0, 200_000))
def test_a_credit_never_leaves_its_own_bill_open_for_another(amounts: list[int], dues: list[int], advance: int) -> None:
    items = [
        Item(i.period, i.seq, i.due_on, i.open_fen, refers_seq=0 if i.seq and i.open_fen < 0 else None)
        for i in _items(amounts, dues)
    ]
    opened = {item.key: item.open_fen for item in items}
    settled = rules.settle(items, advance)
    netted = {move.item.key: move.amount_fen for move in settled.netted}
    for credit in items:
        own = (credit.period, credit.refers_seq)
        if credit.refers_seq is not None and opened.get(own, 0) > 0:
            assert netted[own] >= min(opened[own], -credit.open_fen)
    assert sum(netted.values()) == 0


@given(st.lists(st.integers(1, 1000), max_size=5), st.integers(0, 6000))
def test_take_back_is_newest_first_and_exact(amounts: list[int], short: int) -> None:
    settlements = [((202601 + n, 0), amount) for n, amount in enumerate(amounts)]
    if short > sum(amounts):
        with pytest.raises(ValueError, match="less than"):
            rules.take_back(settlements, short)
        return
    undone = rules.take_back(settlements, short)
    assert sum(amount for _key, amount in undone) == short
    assert [key for key, _amount in undone] == [key for key, _a in reversed(settlements)][: len(undone)]


def test_receipt_number_and_drawer() -> None:
    assert rules.receipt_number("W01", dt.date(2026, 11, 23), 7) == "W01-20261123-0007"
    assert rules.expected_cash(50_000, [1_200, -200]) == 51_000
    assert rules.change_fen(1_234, 2_000) == 766
