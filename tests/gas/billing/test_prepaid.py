"""Gas of a card meter is paid when it is bought: no run and no single bill charges it again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mainstay.gas.billing import actions
from mainstay.gas.billing.batch import dry_run
from mainstay.gas.billing.batch.prepaid import Prepaid
from mainstay.gas.billing.batch.sql import statements
from mainstay.gas.billing.models import Bill, RunException
from mainstay.gas.billing.queries_billed import unbilled_periods
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import Installation
from mainstay.gas.readings.models import Reading
from mainstay.kit.errors import Problem
from tests.gas.billing.make import bill_period, compute, make_run, make_tariff
from tests.gas.make import (
    make_account,
    make_accounts,
    make_book,
    make_installation,
    make_meter,
    make_reading,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db
PERIOD = 202610


def on_card(account: Account) -> Installation:
    """Make the only meter of an account a card meter."""
    hung = account.installations.get()
    type(hung.meter).objects.filter(pk=hung.meter_id).update(kind="ic_card")
    return hung


def another(account: Account, kind: str = "diaphragm") -> Installation:
    """A second meter at the account."""
    return make_installation(account, meter=make_meter(kind=kind))


def reasons(run: Any) -> dict[int, str]:
    """Who is left out of a run, and why."""
    return dict(RunException.objects.filter(run=run).values_list("account_id", "reason"))


def test_the_plan_says_who_pays_by_card_and_nothing_is_billed_twice() -> None:
    plan, book = make_tariff(), make_book(make_unit())
    plain, card, unread, doubtful = make_accounts(4, plan=plan, book=book)
    for account in (card, unread, doubtful):
        on_card(account)
    make_reading(plain, PERIOD, volume_l=20_000)
    make_reading(card, PERIOD, volume_l=20_000)
    make_reading(doubtful, PERIOD, volume_l=20_000, state=Reading.State.QUESTIONED)
    run = make_run(book.unit, PERIOD, [book])
    assert reasons(run) == dict.fromkeys((card.pk, unread.pk, doubtful.pk), "prepaid")
    assert (run.planned_accounts, run.excluded_accounts) == (1, 3)
    assert (dry_run(run).bills, dry_run(run).volume_l) == (1, 20_000)
    compute(run)
    assert list(Bill.objects.values_list("account_id", "volume_l")) == [(plain.pk, 20_000)]
    assert (run.bills, run.excluded_accounts) == (1, 3)
    clerk = make_user("gas.billing.bill_account")
    with pytest.raises(Problem) as told:
        actions.bill_account(account=card, period=PERIOD, by=clerk)
    assert told.value.code == "prepaid"
    assert unbilled_periods(card) == [] and unbilled_periods(plain) == []


@pytest.mark.parametrize("others", [1, 2])
def test_beside_a_card_meter_the_other_meters_are_billed(others: int) -> None:
    # One other meter goes the fast lane, two the slow one; each must leave the card meter out, as a single bill does.
    plan, book = make_tariff(), make_book(make_unit())
    mixed, twin = make_account(plan=plan, book=book), make_account(plan=plan, book=book)
    for account in (mixed, twin):
        card = on_card(account)
        make_reading(account, PERIOD, volume_l=50_000, installation=card, taken_on=date(2026, 10, 30))
        for number in range(others):
            make_reading(account, PERIOD, volume_l=20_000 + number, installation=another(account))
    by_hand = actions.bill_account(account=twin, period=PERIOD, by=make_user("gas.billing.bill_account"))
    bill = bill_period(mixed, PERIOD)
    told = [(one.volume_l, one.amount_fen, one.from_on, one.to_on, one.year_after_l) for one in (bill, by_hand)]
    assert told[0] == told[1]
    assert bill.volume_l == sum(20_000 + number for number in range(others))
    assert card.pk not in {row[0] for row in by_hand.readings}
    shown = {row[0] for row in bill.readings}
    assert len(shown) == others and not shown & set(
        Installation.objects.filter(account=mixed, meter__kind="ic_card").values_list("pk", flat=True)
    )


def test_an_unread_meter_beside_a_card_meter_is_missed() -> None:
    account = make_account(plan=make_tariff())
    make_reading(account, PERIOD, installation=on_card(account))
    another(account)
    run = make_run(account.unit, PERIOD, [account.book_entry.book])
    assert reasons(run) == {account.pk: "no_reading"}


def test_a_card_meter_hung_up_while_a_run_works_is_left_out() -> None:
    account = make_account(plan=make_tariff())
    make_reading(account, PERIOD, volume_l=20_000)
    with statements() as cursor:
        known = Prepaid(cursor)
        assert not known.any
        make_reading(account, PERIOD, volume_l=70_000, installation=another(account, "ic_card"))
        known.refresh()
        assert known.any
    assert bill_period(account, PERIOD).volume_l == 20_000
