"""Faults that other systems are known for, each with a test that fails on it.

The tests are short on purpose: what each rule means in full is tested next to the rule.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from mainstay.core.checks import registered, run
from mainstay.gas.bank.actions import take_payments
from mainstay.gas.bank.batch.window import Call
from mainstay.gas.bank.front import hub
from mainstay.gas.bank.library import SHIPPED, adapter
from mainstay.gas.bank.models import Agreement, Bank, Entry
from mainstay.gas.bank.rules.messages import Code, Kind, Message
from mainstay.gas.billing import actions as billing
from mainstay.gas.billing.batch import finish_run
from mainstay.gas.billing.models import Bill, BillingRun, RunException
from mainstay.gas.latefees.rules import Owed, Terms, late_fee
from mainstay.gas.payments.actions import reverse_payment
from mainstay.gas.payments.models import Advance, Payment, Serial
from mainstay.gas.tariffs.models import Terms as TariffTerms
from mainstay.kit.errors import Problem
from mainstay.kit.money import parse_yuan
from tests.gas.bank.make import make_bank, make_debtor, system
from tests.gas.bank.make import pay as bank_payment
from tests.gas.billing.make import bill_period, compute, make_run, make_tariff
from tests.gas.make import make_account, make_accounts, make_book, make_reading, make_unit, make_user
from tests.gas.payments.make import make_bill, make_clerk, make_shift, make_till, open_fen, pay

LAYOUTS = sorted(path.stem for path in SHIPPED.glob("*.yaml"))


@pytest.mark.django_db
def test_a_volume_equal_to_a_bound_is_charged_whole_and_in_the_lower_tier() -> None:
    """Tier loops that compare the remainder with absolute bounds, or drop a volume equal to a bound."""
    account = make_account(plan=make_tariff())  # 2 yuan to 30 m³ a year, 3 to 55, 4 above
    amounts = []
    for period, volume_l in ((202607, 30_000), (202608, 25_000), (202609, 1_000)):
        make_reading(account, period, volume_l=volume_l)
        amounts.append(bill_period(account, period).amount_fen)
    assert amounts == [6_000, 7_500, 400]


def test_late_interest_is_multiplied_by_the_days_and_never_on_bills_not_yet_due() -> None:
    bill = Owed(10_000, date(2026, 3, 15))
    fees = [late_fee(Terms(3_000), bill, bill.due_on + timedelta(days=n)).fee_fen for n in (-30, -1, 0, 1, 2, 30)]
    assert fees == [0, 0, 0, 30, 60, 900]
    graced = Terms(3_000, grace_days=5)
    assert [late_fee(graced, bill, bill.due_on + timedelta(days=n)).fee_fen for n in (-1, 5, 6)] == [0, 0, 180]


@pytest.mark.django_db
def test_a_run_that_is_launched_again_bills_nobody_twice() -> None:
    unit = make_unit()
    book = make_book(unit)
    make_reading(make_account(plan=make_tariff(), book=book, unit=unit), 202610, volume_l=9_000)
    for _time in range(2):
        compute(make_run(unit, 202610, [book]))
    assert Bill.objects.count() == 1


@pytest.mark.django_db
def test_one_bad_contract_never_stops_the_batch() -> None:
    unit = make_unit()
    book, plan = make_book(unit), make_tariff()
    good, bad = make_accounts(2, plan=plan, book=book, unit=unit)
    for account in (good, bad):
        make_reading(account, 202610, volume_l=9_000)
    TariffTerms.objects.filter(account=bad).delete()
    compute(make_run(unit, 202610, [book]))
    assert list(Bill.objects.values_list("account", flat=True)) == [good.pk]
    assert list(RunException.objects.values_list("account", "reason")) == [(bad.pk, "no_terms")]


@pytest.mark.django_db
def test_a_run_never_says_complete_while_something_is_not_made() -> None:
    unit = make_unit()
    book = make_book(unit)
    make_reading(make_account(plan=make_tariff(), book=book, unit=unit), 202610, volume_l=9_000)
    made = make_run(unit, 202610, [book])
    BillingRun.objects.filter(pk=made.pk).update(state="running")
    made.refresh_from_db()
    assert not finish_run(made)
    made.refresh_from_db()
    assert made.state == "running"


@pytest.fixture
def desk(db: Any) -> Any:
    account = make_account()
    make_bill(account, 202601, 10_000)
    clerk = make_clerk()
    return account, clerk, make_shift(clerk, make_till(account.unit))


def test_money_of_a_transaction_that_rolls_back_was_never_taken_and_can_be_taken_once(desk: Any) -> None:
    """Charging a customer in a transaction that rolls back, then again: nothing of it stays, and the serial is free."""
    account, clerk, shift = desk
    with pytest.raises(RuntimeError), transaction.atomic():
        pay(account, 10_000, clerk, shift, serial="S1")
        raise RuntimeError
    assert not Payment.objects.exists()
    assert not Serial.objects.exists()
    for _time in range(2):
        pay(account, 10_000, clerk, shift, serial="S1")
    assert Payment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_bank_is_never_told_success_before_the_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Money sent to a bank inside a transaction that rolls back: here the commit itself fails, at a reference."""
    bank, account = make_bank(), make_debtor()
    message, today = bank_payment(bank, account), bank.business_on

    def fails_at_commit(**facts: Any) -> Any:
        with transaction.atomic():
            answers = take_payments(**facts)
            Agreement.objects.create(bank_id=-1, account=account, agreement_no="A1", payer="周明", from_on=today)
        return answers

    with monkeypatch.context() as patched:
        patched.setattr(hub.actions, "take_payments", fails_at_commit)
        assert told(bank, message) == Code.TRY_AGAIN
    assert not Payment.objects.exists()
    assert not Entry.objects.exists()
    assert [told(bank, message) for _time in range(2)] == [Code.OK, Code.OK]
    assert Payment.objects.count() == 1


class Nobody:
    """Who asked: what is answered is read from what the hub hands over."""

    def answered(self, tpdu: bytes, body: bytes, code: Code | None) -> None:
        raise AssertionError


def told(bank: Bank, call: Call) -> Code | None:
    """What the line answers to a message."""
    [(_work, _body, code)] = hub.post([hub.Work(Nobody(), b"", bank, call)], system())
    return code


def test_looking_at_a_reversal_does_nothing_and_reversing_twice_is_once(desk: Any) -> None:
    account, clerk, shift = desk
    payment = pay(account, 10_000, clerk, shift)
    client = Client()
    client.force_login(clerk)
    asked = client.get(reverse("payments:payment_reverse", args=[account.pk, payment.payment_no]))
    assert asked.status_code == 200
    assert Payment.objects.count() == 1
    first = reverse_payment(payment=payment, reason="收错", shift=shift, by=clerk)
    assert reverse_payment(payment=payment, reason="收错", shift=shift, by=clerk).pk == first.pk
    assert Payment.objects.filter(refers_no=payment.payment_no).count() == 1


def test_a_reversal_returns_the_balance(desk: Any) -> None:
    account, clerk, shift = desk
    payment = pay(account, 15_000, clerk, shift)
    assert Advance.objects.get(account=account).balance_fen == 5_000
    reverse_payment(payment=payment, reason="收错", shift=shift, by=clerk)
    assert (Advance.objects.get(account=account).balance_fen, open_fen(account)) == (0, {(202601, 0): 10_000})
    assert not [finding for outcome in run([registered()["ledger"]]) for finding in outcome.findings]


def test_money_is_whole_fen_everywhere() -> None:
    gas = [model for model in apps.get_models() if model.__module__.startswith("mainstay.gas.")]
    inexact = [
        f"{model.__name__}.{field.name}"
        for model in gas
        for field in model._meta.concrete_fields
        if isinstance(field, models.FloatField | models.DecimalField)
    ]
    assert len(gas) > 20
    assert not inexact
    assert [parse_yuan(text) for text in ("0.29", "1.1", "4.35")] == [29, 110, 435]
    with pytest.raises(Problem):
        parse_yuan("0.295")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_bank_interface_has_one_unit(layout: str) -> None:
    """Yuan and fen mixed in one interface: in every message the amount written is the amount read."""
    bank = adapter(layout)
    for kind in (Kind.QUERY, Kind.PAY, Kind.REVERSAL):
        sent = Message(kind=kind, trace="000001", serial="S1", account_no="1", amount_fen=15_000)
        assert bank.decode(bank.encode(sent, None), None).amount_fen == 15_000


@pytest.mark.django_db
def test_any_reading_can_be_undone_not_only_the_last() -> None:
    account = make_account(plan=make_tariff())
    bills = []
    for period in (202607, 202608, 202609):
        make_reading(account, period, volume_l=20_000)
        bills.append(bill_period(account, period))
    by = make_user("gas.billing.cancel_bill")
    billing.cancel_bill(bill=bills[0], reason="抄错", by=by)
    assert sum(Bill.objects.filter(account=account).values_list("amount_fen", flat=True)) == 30 * 200 + 10 * 300
