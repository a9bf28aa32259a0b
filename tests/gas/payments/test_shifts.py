"""A shift from float to acceptance; a difference is posted."""

from __future__ import annotations

import pytest

from mainstay.core.audit.models import Entry
from mainstay.gas.ledger import chart
from mainstay.gas.ledger.models import Posting
from mainstay.gas.payments.actions import accept_shift, close_shift, open_shift, reverse_payment, save_till
from mainstay.gas.payments.models import Shift
from mainstay.gas.payments.queries import shift_sums
from mainstay.kit.errors import Problem
from tests.gas.make import make_account, make_unit, make_user
from tests.gas.payments.make import make_clerk, make_till, pay

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("counted", "pairs"),
    [
        (57_000, []),
        (56_900, [(chart.DIFFERENCES, chart.CASH, 100)]),
        (57_001, [(chart.CASH, chart.DIFFERENCES, 1)]),
    ],
)
def test_a_difference_is_posted_never_hidden(counted, pairs) -> None:
    account, clerk = make_account(), make_clerk()
    shift = open_shift(till=make_till(account.unit), float_fen=50_000, by=clerk)
    taken = pay(account, 8_000, clerk, shift)
    pay(account, 7_000, clerk, shift)
    pay(account, 9_000, clerk, shift, tender=3)
    reverse_payment(payment=taken, reason="录错", by=clerk)
    closed = close_shift(shift=shift, counted_fen=counted, by=clerk)
    assert (closed.expected_fen, closed.state) == (57_000, "closed")
    rows = Posting.objects.filter(account_id=0, document=Posting.Document.SHIFT, document_no=shift.pk)
    assert list(rows.values_list("debit", "credit", "amount_fen")) == pairs
    sums = {one.tender: (one.taken, one.taken_fen, one.back, one.back_fen) for one in shift_sums(closed)}
    assert sums == {1: (2, 15_000, 1, -8_000), 3: (1, 9_000, 0, 0)}
    with pytest.raises(Problem):
        close_shift(shift=shift, counted_fen=counted, by=clerk)


def test_somebody_else_accepts() -> None:
    unit = make_unit()
    clerk = make_clerk(None, "gas.payments.accept_shift")
    boss = make_user("gas.payments.accept_shift")
    shift = open_shift(till=make_till(unit), float_fen=0, by=clerk)
    with pytest.raises(Problem) as caught:
        accept_shift(shift=shift, by=boss)
    assert caught.value.code == "not_closed"
    close_shift(shift=shift, counted_fen=0, by=clerk)
    with pytest.raises(Problem) as caught:
        accept_shift(shift=shift, by=clerk)
    assert caught.value.code == "own_shift"
    accept_shift(shift=shift, by=boss)
    assert Shift.objects.get(pk=shift.pk).accepted_by == boss
    assert Entry.objects.filter(action="gas.payments.accept_shift", outcome="done").count() == 1


def test_one_open_shift_for_a_till_and_for_a_clerk() -> None:
    unit = make_unit()
    clerk, till = make_clerk(), make_till(unit)
    open_shift(till=till, float_fen=0, by=clerk)
    for values, code in (
        ({"till": till, "by": make_clerk()}, "till_taken"),
        ({"till": make_till(unit), "by": clerk}, "shift_open"),
    ):
        with pytest.raises(Problem) as caught:
            open_shift(float_fen=0, **values)
        assert caught.value.code == code


def test_receipt_numbers_go_on_in_the_next_shift_of_the_day() -> None:
    account, till = make_account(), make_till(make_unit())
    first, second = make_clerk(), make_clerk()
    shift = open_shift(till=till, float_fen=0, by=first)
    numbers = [pay(account, 100, first, shift).receipt_no for _time in range(2)]
    close_shift(shift=shift, counted_fen=200, by=first)
    numbers.append(pay(account, 100, second, open_shift(till=till, float_fen=0, by=second)).receipt_no)
    assert [number[-4:] for number in numbers] == ["0001", "0002", "0003"]


def test_a_till_code_on_receipts_stays() -> None:
    unit, boss = make_unit(), make_user("gas.payments.save_till")
    till = save_till(unit=unit, code="w7", name_zh="七号窗口", by=boss)
    assert till.code == "W7"
    with pytest.raises(Problem) as caught:
        save_till(unit=unit, code="W7", name_zh="另一个", by=boss)
    assert caught.value.code == "taken"
    open_shift(till=till, float_fen=0, by=make_clerk())
    with pytest.raises(Problem) as caught:
        save_till(unit=unit, code="W8", name_zh="七号窗口", till=till, by=boss)
    assert caught.value.code == "in_use"
