"""Payments through the door: state, ledger, audit row, refusal; and the story of one account."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from mainstay.core.audit.models import Entry
from mainstay.core.door import ApprovalFiled, Refused
from mainstay.core.workflow.queries import Thing, things_of
from mainstay.gas.ledger import chart
from mainstay.gas.ledger.models import ClosedDay, Posting
from mainstay.gas.payments.actions import refund_advance, reverse_payment, settle_advances
from mainstay.gas.payments.models import Advance, Allocation, Payment, Shift
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from tests.gas.make import make_account, make_unit, make_user
from tests.gas.payments.make import make_bill, make_clerk, make_run, make_shift, make_till, open_fen, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    """An account, a clerk with an open shift."""
    account = make_account()
    clerk = make_clerk()
    return account, clerk, make_shift(clerk, make_till(account.unit))


def balance(account, code: int) -> int:
    rows = Posting.objects.filter(account_id=account.pk).values_list("debit_id", "credit_id", "amount_fen")
    return sum(amount * ((debit == code) - (credit == code)) for debit, credit, amount in rows)


def advance(account) -> int:
    return Advance.objects.filter(account=account).values_list("balance_fen", flat=True).first() or 0


def in_step(account) -> None:
    """What the narrow tables say is what the ledger says."""
    assert balance(account, chart.RECEIVABLE) == sum(open_fen(account).values())
    assert -balance(account, chart.ADVANCE) == advance(account)


def test_a_payment_pays_oldest_first_and_is_on_record(desk) -> None:
    account, clerk, shift = desk
    make_bill(account, 202610, 5_000, vat_fen=413)
    make_bill(account, 202609, 4_000)
    payment = pay(account, 6_000, clerk, shift, received_fen=10_000)
    assert open_fen(account) == {(202610, 0): 3_000}
    stored = Payment.objects.get(pk=(account.pk, payment.payment_no))
    assert (stored.amount_fen, stored.advance_fen, stored.received_fen) == (6_000, 0, 10_000)
    assert stored.receipt_no == f"{shift.till.code}-{local_today():%Y%m%d}-0001"
    assert stored.shift_id == shift.pk
    assert balance(account, chart.CASH) == 6_000
    in_step(account)
    entry = Entry.objects.get(action="gas.payments.take_payment")
    assert (entry.outcome, entry.by_id, entry.amount_fen, entry.unit_id) == ("done", clerk.pk, 6_000, account.unit_id)
    assert entry.after["receipt_no"] == stored.receipt_no


def test_the_story_of_an_account(desk) -> None:
    account, clerk, shift = desk
    make_bill(account, 202608, 10_000, vat_fen=826)
    pay(account, 4_000, clerk, shift)
    assert open_fen(account) == {(202608, 0): 6_000}
    over = pay(account, 9_000, clerk, shift)
    assert open_fen(account) == {}
    assert advance(account) == 3_000
    make_bill(account, 202609, 5_000)
    assert settle_advances(account_ids=[account.pk], by=make_user("gas.payments.settle_advance")) == 1
    assert open_fen(account) == {(202609, 0): 2_000}
    assert advance(account) == 0
    in_step(account)
    reversal = reverse_payment(payment=over, reason="客户要求", by=clerk)
    assert reversal.amount_fen == -9_000
    assert open_fen(account) == {(202608, 0): 6_000, (202609, 0): 5_000}
    assert advance(account) == 0
    in_step(account)
    again = reverse_payment(payment=over, reason="再来一次", by=clerk)
    assert again.payment_no == reversal.payment_no
    assert Payment.objects.filter(account=account).count() == 3
    assert balance(account, chart.CASH) == 4_000
    pay(account, 11_000, clerk, shift)
    assert open_fen(account) == {}
    in_step(account)


def test_the_same_serial_posts_once(desk) -> None:
    account, clerk, shift = desk
    make_bill(account, 202610, 5_000)
    first = pay(account, 5_000, clerk, shift, serial="S1")
    second = pay(account, 5_000, clerk, shift, serial="S1")
    assert (second.payment_no, second.receipt_no) == (first.payment_no, first.receipt_no)
    assert Payment.objects.count() == 1
    with pytest.raises(Problem) as caught:
        pay(account, 4_999, clerk, shift, serial="S1")
    assert caught.value.code == "serial_used"
    assert not caught.value.money_moved
    assert Payment.objects.count() == 1
    assert Shift.objects.get(pk=shift.pk).last_receipt == 1


def test_chosen_bills_are_paid_and_a_bill_paid_meanwhile_is_refused(desk) -> None:
    account, clerk, shift = desk
    make_bill(account, 202609, 4_000)
    make_bill(account, 202610, 5_000)
    pay(account, 5_000, clerk, shift, chosen=[(202610, 0)])
    assert open_fen(account) == {(202609, 0): 4_000}
    with pytest.raises(Problem) as caught:
        pay(account, 5_000, clerk, shift, chosen=[(202610, 0)])
    assert caught.value.code == "bill_not_open"
    assert Payment.objects.count() == 1


def test_bills_of_a_run_not_released_are_not_collected(desk) -> None:
    account, clerk, shift = desk
    run = make_run(account.unit, clerk)
    make_bill(account, 202610, 5_000, run=run)
    pay(account, 5_000, clerk, shift)
    assert open_fen(account) == {(202610, 0): 5_000}
    assert advance(account) == 5_000
    run.state = "released"
    run.save()
    settle_advances(account_ids=[account.pk], by=make_user("gas.payments.settle_advance"))
    assert open_fen(account) == {}
    assert advance(account) == 0
    in_step(account)


def test_a_credit_is_used_up_and_the_rest_becomes_advance(desk) -> None:
    account, clerk, shift = desk
    make_bill(account, 202609, 8_000)
    pay(account, 8_000, clerk, shift)
    make_bill(account, 202609, -8_000, seq=1)
    make_bill(account, 202610, 3_000)
    settle_advances(account_ids=[account.pk], by=make_user("gas.payments.settle_advance"))
    assert open_fen(account) == {}
    assert advance(account) == 5_000
    in_step(account)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"amount_fen": 0}, "not_positive"),
        ({"tender": 9}, "no_tender"),
        ({"serial": ""}, "bad_serial"),
        ({"serial": "x" * 65}, "bad_serial"),
        ({"received_fen": 4_999}, "too_little"),
    ],
)
def test_bad_input_books_nothing(desk, facts, code) -> None:
    account, clerk, shift = desk
    given = {"amount_fen": 5_000, **facts}
    with pytest.raises(Problem) as caught:
        pay(account, given.pop("amount_fen"), clerk, shift, **given)
    assert caught.value.code == code
    assert not Payment.objects.exists()


def test_money_needs_the_clerks_own_open_shift(desk) -> None:
    account, _clerk, shift = desk
    other = make_clerk()
    with pytest.raises(Problem) as caught:
        pay(account, 100, other, shift)
    assert caught.value.code == "no_shift"
    with pytest.raises(Problem) as caught:
        pay(account, 100, other, None, channel="counter")
    assert caught.value.code == "no_shift"


def test_a_closed_day_takes_no_payment(desk) -> None:
    account, clerk, shift = desk
    ClosedDay.objects.create(unit=account.unit, business_on=local_today(), closed_by=clerk, closed_at=shift.opened_at)
    with pytest.raises(Problem) as caught:
        pay(account, 100, clerk, shift)
    assert caught.value.code == "day_closed"
    assert pay(account, 100, clerk, None, business_on=local_today() + dt.timedelta(days=1)).amount_fen == 100


def test_a_stranger_is_refused_on_record(desk) -> None:
    account, _clerk, shift = desk
    stranger = make_user("gas.payments.take_payment", unit=make_unit("别的分公司"), scope="unit")
    with pytest.raises(Refused):
        pay(account, 100, stranger, shift)
    assert Entry.objects.get(by=stranger).outcome == "refused"
    assert not Payment.objects.exists()


def test_reversal_above_the_limit_needs_a_second_person(desk) -> None:
    account, _clerk, _shift = desk
    clerk = make_clerk(limit_fen=10_000)
    shift = make_shift(clerk, make_till(account.unit))
    small = pay(account, 10_000, clerk, shift)
    reverse_payment(payment=small, reason="录错", by=clerk)
    boss = make_clerk()
    large = pay(account, 10_001, boss, make_shift(boss, make_till(account.unit)))
    with pytest.raises(ApprovalFiled) as filed:
        reverse_payment(payment=large, reason="录错", by=clerk)
    approval = filed.value.approval
    assert things_of([approval])[approval.pk] == Thing(str(large), large.get_absolute_url())
    assert not Payment.objects.filter(refers_no=large.payment_no).exists()


def test_payments_of_another_shift_need_their_own_right(desk) -> None:
    account, clerk, shift = desk
    payment = pay(account, 1_000, clerk, shift)
    other = make_clerk()
    make_shift(other, make_till(account.unit))
    with pytest.raises(Refused):
        reverse_payment(payment=payment, reason="录错", by=other)
    senior = make_clerk(None, "gas.payments.reverse_earlier_payment")
    make_shift(senior, make_till(account.unit))
    assert reverse_payment(payment=payment, reason="录错", by=senior).amount_fen == -1_000


def test_a_refund_is_at_most_the_advance_and_acts_once(desk) -> None:
    account, clerk, shift = desk
    pay(account, 5_000, clerk, shift)
    with pytest.raises(Problem) as caught:
        refund_advance(account=account, amount_fen=5_001, tender=1, serial="r0", reason="销户", by=clerk)
    assert caught.value.code == "above_advance"
    for _time in range(2):
        refund = refund_advance(account=account, amount_fen=2_000, tender=1, serial="r1", reason="销户", by=clerk)
    assert refund.amount_fen == -2_000
    assert advance(account) == 3_000
    assert Payment.objects.filter(kind=Payment.Kind.REFUND).count() == 1
    in_step(account)


def test_payments_and_allocations_cannot_be_changed(desk) -> None:
    account, clerk, shift = desk
    make_bill(account, 202610, 5_000)
    pay(account, 5_000, clerk, shift)
    for rows, change in (
        (Payment.objects.all(), {"amount_fen": 1}),
        (Allocation.objects.all(), {"amount_fen": 1}),
        (Posting.objects.all(), {"amount_fen": 1}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
