"""What messages do to the money: booked once, refused with a reason, reversed without a second effect."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from mainstay.core.audit.models import Entry as Audit
from mainstay.core.todos.models import Todo
from mainstay.gas.bank.actions import cut_day, note_totals, reverse_payment, take_payments
from mainstay.gas.bank.batch.window import Call
from mainstay.gas.bank.models import Bank, Day, Entry
from mainstay.gas.bank.queries import day_sums, what_is_due
from mainstay.gas.bank.rules.messages import Code
from mainstay.gas.billing.models import OpenItem
from mainstay.gas.ledger import chart
from mainstay.gas.ledger.models import ClosedDay, Posting
from mainstay.gas.payments.models import Advance, Payment
from mainstay.kit.errors import Problem
from tests.gas.bank.make import back, make_bank, make_debtor, make_line, pay, read, system
from tests.gas.payments.make import make_bill

pytestmark = pytest.mark.django_db


def take(bank: Bank, *calls: Call) -> list[Code]:
    return [one.code for one in take_payments(bank=bank, calls=calls, by=system())]


def undo(bank: Bank, call: Call) -> Code:
    return reverse_payment(bank=bank, call=call, by=system()).code


def test_a_payment_is_booked_with_its_journal_and_postings() -> None:
    bank, account = make_bank(), make_debtor()
    [answer] = take_payments(bank=bank, calls=[call := pay(bank, account)], by=system())
    payment = Payment.objects.get(account=account)
    assert (payment.amount_fen, payment.tender, payment.channel) == (5_220, Payment.Tender.BANK, bank.channel)
    posting = Posting.objects.get(account_id=account.pk, document=Posting.Document.PAYMENT)
    assert (posting.debit_id, posting.credit_id) == (chart.CLEARING, chart.RECEIVABLE)
    entry = Entry.objects.get(account=account)
    assert entry.response == answer.body.hex()
    assert entry.request == call.body.hex()
    assert read(bank, answer.body).text == "李*"
    assert Audit.objects.get(action="gas.bank.take_payments").after["booked"] == 1


def test_the_same_message_again_gets_the_same_bytes_and_books_nothing() -> None:
    bank, account = make_bank(), make_debtor()
    call = pay(bank, account)
    first = take_payments(bank=bank, calls=[call], by=system())[0]
    later = replace(call, message=replace(call.message, trace="999999"))
    again = take_payments(bank=bank, calls=[later, call], by=system())
    assert {one.body for one in again} == {first.body}
    assert all(one.repeated for one in again)
    assert Payment.objects.filter(account=account).count() == 1


def test_twice_in_one_group_is_booked_once() -> None:
    bank, account = make_bank(), make_debtor()
    call = pay(bank, account)
    assert take(bank, call, call) == [Code.OK, Code.OK]
    assert Payment.objects.filter(account=account).count() == 1


def test_the_same_serial_with_other_content_is_refused_and_alarmed() -> None:
    bank, account, other = make_bank(), make_debtor(), make_debtor()
    line = make_line(bank)
    first = pay(bank, account)
    take(bank, first)
    second = replace(pay(bank, other, serial=first.message.serial), line_id=line.pk)
    assert take(bank, second) == [Code.CONFLICT]
    assert not Payment.objects.filter(account=other).exists()
    assert Todo.objects.get(kind="bank_conflict").right == "gas.bank.view_journal"
    assert line.events.get().kind == "conflict"


def test_one_bad_message_does_not_hinder_the_others() -> None:
    bank, good, poor = make_bank(), make_debtor(), make_debtor()
    codes = take(bank, pay(bank, "404"), pay(bank, good), pay(bank, poor, 1), pay(bank, good))
    assert codes == [Code.NO_ACCOUNT, Code.OK, Code.AMOUNT_CHANGED, Code.NOTHING_DUE]
    assert Payment.objects.count() == 1
    assert Entry.objects.count() == 4


def test_a_changed_amount_has_its_own_answer_and_tells_what_is_due() -> None:
    bank, account = make_bank(), make_debtor()
    code, _name, due, token = what_is_due(account.account_no)
    assert (code, due) == (Code.OK, 5_220)
    make_bill(account, 202611, 100)
    [answer] = take_payments(bank=bank, calls=[pay(bank, account, due, token=token)], by=system())
    assert answer.code == Code.AMOUNT_CHANGED
    assert read(bank, answer.body).amount_fen == 5_320
    assert not Payment.objects.exists()


def test_an_old_token_is_refused_even_where_the_amount_fits() -> None:
    bank, account = make_bank(amount_rule="any"), make_debtor()
    token = what_is_due(account.account_no)[3]
    make_bill(account, 202611, 100)
    assert take(bank, pay(bank, account, token=token)) == [Code.AMOUNT_CHANGED]
    assert take(bank, pay(bank, account, token=what_is_due(account.account_no)[3])) == [Code.OK]


def test_any_amount_where_that_is_agreed() -> None:
    bank, account = make_bank(amount_rule="any"), make_debtor()
    assert take(bank, pay(bank, account, 10_000)) == [Code.OK]
    assert Advance.objects.get(account=account).balance_fen == 4_780


def test_a_reversal_reopens_the_bill_and_repeats_without_effect() -> None:
    bank, account = make_bank(), make_debtor()
    call = pay(bank, account)
    take(bank, call)
    reversal = back(bank, account, call.message.serial)
    assert undo(bank, reversal) == Code.OK
    assert undo(bank, reversal) == Code.OK
    assert undo(bank, back(bank, account, call.message.serial)) == Code.OK
    assert sorted(Payment.objects.values_list("amount_fen", flat=True)) == [-5_220, 5_220]
    assert OpenItem.objects.get(account=account).open_fen == 5_220
    assert day_sums(bank, bank.business_on)["net"] == 0


def test_an_unknown_reversal_is_remembered_and_the_late_payment_refused() -> None:
    bank, account = make_bank(), make_debtor()
    late = pay(bank, account)
    assert undo(bank, back(bank, account, late.message.serial)) == Code.UNKNOWN_ORIGINAL
    assert undo(bank, back(bank, account, late.message.serial)) == Code.UNKNOWN_ORIGINAL
    assert take(bank, late) == [Code.REVERSED_BEFORE]
    assert not Payment.objects.exists()


def test_a_reversal_must_name_the_payment_s_account_and_amount() -> None:
    bank, account, other = make_bank(), make_debtor(), make_debtor()
    call = pay(bank, account)
    take(bank, call)
    assert undo(bank, back(bank, other, call.message.serial)) == Code.CONFLICT
    assert undo(bank, back(bank, account, call.message.serial, 1)) == Code.CONFLICT
    assert Payment.objects.count() == 1


def test_after_the_day_cut_nothing_of_that_day_moves() -> None:
    bank, account, other = make_bank(), make_debtor(), make_debtor()
    call, late = pay(bank, account), pay(bank, other)
    take(bank, call)
    yesterday = bank.business_on
    bank = cut_day(bank=bank, business_on=yesterday, by=system())
    assert bank.business_on == yesterday + dt.timedelta(days=1)
    assert take(bank, late, call) == [Code.DAY_CUT, Code.OK]
    assert undo(bank, back(bank, account, call.message.serial, business_on=yesterday)) == Code.DAY_CUT
    assert Payment.objects.count() == 1
    assert take(bank, pay(bank, other)) == [Code.OK]
    assert Payment.objects.get(account=other).business_on == bank.business_on


def test_the_day_is_cut_once_and_only_the_open_one() -> None:
    bank = make_bank()
    first = bank.business_on
    cut_day(bank=bank, business_on=first, by=system())
    assert cut_day(bank=bank, business_on=first, by=system()).business_on == first + dt.timedelta(days=1)
    assert Day.objects.get().cut_by == system()
    with pytest.raises(Problem, match=r"20\d\d"):
        cut_day(bank=bank, business_on=first + dt.timedelta(days=9), by=system())


def test_a_day_to_come_is_refused_and_not_kept() -> None:
    bank, account = make_bank(), make_debtor()
    tomorrow = bank.business_on + dt.timedelta(days=1)
    call = pay(bank, account, business_on=tomorrow)
    assert take(bank, call) == [Code.WRONG_DAY]
    assert undo(bank, back(bank, account, "X1", business_on=tomorrow)) == Code.WRONG_DAY
    bank = cut_day(bank=bank, business_on=bank.business_on, by=system())
    assert take(bank, call) == [Code.OK]


@pytest.mark.parametrize("limit", ["limit_payment_fen", "limit_account_fen", "limit_day_fen"])
def test_limits(limit: str) -> None:
    bank = make_bank(amount_rule="any", **{limit: 6_000})
    account, other = make_debtor(), make_debtor()
    codes = take(bank, pay(bank, account, 5_000), pay(bank, account, 2_000), pay(bank, other, 2_000))
    expected = {
        "limit_payment_fen": [Code.OK, Code.OK, Code.OK],
        "limit_account_fen": [Code.OK, Code.OVER_LIMIT, Code.OK],
        "limit_day_fen": [Code.OK, Code.OVER_LIMIT, Code.OVER_LIMIT],
    }
    assert codes == expected[limit]
    later = take(bank, pay(bank, account, 7_000), pay(bank, other, 1_000))
    assert later == [Code.OVER_LIMIT, Code.OK]


def test_a_reversal_frees_the_limits() -> None:
    bank, account = make_bank(limit_account_fen=6_000, limit_day_fen=6_000), make_debtor()
    call = pay(bank, account)
    take(bank, call)
    undo(bank, back(bank, account, call.message.serial))
    assert take(bank, pay(bank, account)) == [Code.OK]


@pytest.mark.parametrize(
    "wrong",
    [{"serial": ""}, {"serial": "A,B"}, {"serial": "X" * 13}, {"account_no": "户"}, {"amount_fen": 0},
     {"amount_fen": None}, {"business_on": None}, {"account_no": "9" * 21}],
)  # fmt: skip
def test_what_is_not_well_formed_is_refused_and_not_kept(wrong: dict[str, object]) -> None:
    bank, account = make_bank(layout="xml-utf8"), make_debtor()  # XML bounds no width
    call = pay(bank, account)
    assert take(bank, replace(call, message=replace(call.message, **wrong)), pay(bank, account)) == [
        Code.BAD_FORMAT,
        Code.OK,
    ]
    assert Entry.objects.count() == 1


def test_closed_accounts_banks_and_days() -> None:
    bank, account = make_bank(), make_debtor()
    account.state = "closed"
    account.save()
    assert take(bank, pay(bank, account)) == [Code.ACCOUNT_CLOSED]
    other = make_debtor()
    ClosedDay.objects.create(
        unit_id=other.unit_id, business_on=bank.business_on, closed_by=system(), closed_at="2026-11-26T12:00Z"
    )
    assert take(bank, pay(bank, other)) == [Code.DAY_CUT]
    bank.active = False
    assert take(bank, pay(bank, make_debtor())) == [Code.NOT_ALLOWED]


def test_a_payment_reversed_at_the_counter_counts_as_reversed() -> None:
    from mainstay.gas.payments.actions import reverse_payment as at_the_counter

    bank, account = make_bank(), make_debtor()
    call = pay(bank, account)
    take(bank, call)
    at_the_counter(payment=Payment.objects.get(account=account), reason="错收", by=system())
    assert undo(bank, back(bank, account, call.message.serial)) == Code.OK
    assert Payment.objects.count() == 2


def test_totals_are_kept() -> None:
    bank = make_bank()
    note_totals(bank=bank, business_on=bank.business_on, count=3, amount_fen=100, by=system())
    day = note_totals(bank=bank, business_on=bank.business_on, count=4, amount_fen=200, by=system())
    assert (day.told_count, day.told_fen) == (4, 200)


def test_what_is_due_over_the_line() -> None:
    assert what_is_due("404")[0] == Code.NO_ACCOUNT
    account = make_debtor()
    assert what_is_due(account.account_no)[:3] == (Code.OK, "李明", 5_220)
    OpenItem.objects.filter(account=account).delete()
    assert what_is_due(account.account_no)[0] == Code.NOTHING_DUE
    account.state = "closed"
    account.save()
    assert what_is_due(account.account_no)[0] == Code.ACCOUNT_CLOSED
