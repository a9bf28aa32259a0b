"""Master and sub meters."""

from __future__ import annotations

from typing import Any

import pytest

from mainstay.gas.accounts.actions import settle_masters
from mainstay.gas.accounts.rules import outcome_of
from mainstay.gas.billing.actions import bill_account, rebill
from mainstay.gas.billing.batch import work_run
from mainstay.gas.billing.models import Bill, BillingRun, RunException
from mainstay.gas.customers.actions import set_difference
from mainstay.kit.errors import Problem
from tests.gas.bank.make import system
from tests.gas.make import make_account, make_accounts, make_book, make_plan, make_reading, make_unit

PERIOD = 202610


def test_what_becomes_of_a_difference() -> None:
    assert outcome_of("billed", None, 0, []) == "waiting"
    assert outcome_of("billed", 100, 0, ["7"]) == "waiting"
    assert outcome_of("billed", 100, 101, []) == "negative"
    assert outcome_of("billed", 100, 100, []) == "billed"
    assert outcome_of("reported", 100, 60, []) == "reported"


def house(rule: str = "billed") -> tuple[Any, list[Any]]:
    """A house whose master meter has two flats below it."""
    unit = make_unit("城东营业所")
    plan, book = make_plan(), make_book(unit)
    master = make_account(plan=plan, unit=unit, book=book)
    flats = make_accounts(2, plan=plan, unit=unit, book=book)
    hung = master.installations.get()
    for flat in flats:
        flat.installations.update(master=hung)
    set_difference(account=master, difference=rule, by=system())
    master.refresh_from_db()
    return master, flats


@pytest.mark.django_db
def test_the_difference_is_billed_once_all_meters_are_read() -> None:
    master, flats = house()
    make_reading(master, PERIOD, volume_l=100_000)
    make_reading(flats[0], PERIOD, volume_l=30_000)
    waits = settle_masters(unit=master.unit, period=PERIOD, by=system())[0]
    assert (waits.outcome, waits.missing) == ("waiting", flats[1].installations.get().meter.meter_no)
    make_reading(flats[1], PERIOD, volume_l=45_000)
    done = settle_masters(unit=master.unit, period=PERIOD, by=system())[0]
    assert (done.outcome, done.difference_l) == ("billed", 25_000)
    bill = Bill.objects.get(account=master)
    assert (bill.volume_l, bill.amount_fen) == (25_000, 25 * 261)
    settle_masters(unit=master.unit, period=PERIOD, by=system())
    assert Bill.objects.filter(account=master).count() == 1
    assert rebill(bill=bill, reason="核对", by=system()).volume_l == 25_000


@pytest.mark.django_db
def test_a_reported_or_negative_difference_is_never_billed() -> None:
    master, flats = house("reported")
    for account, litres in ((master, 100_000), (flats[0], 30_000), (flats[1], 45_000)):
        make_reading(account, PERIOD, volume_l=litres)
    assert settle_masters(unit=master.unit, period=PERIOD, by=system())[0].outcome == "reported"
    with pytest.raises(Problem) as told:
        bill_account(account=master, period=PERIOD, by=system())
    assert told.value.code == "master"
    other, flats = house()
    for account, litres in ((other, 10_000), (flats[0], 30_000), (flats[1], 45_000)):
        make_reading(account, PERIOD, volume_l=litres)
    assert settle_masters(unit=other.unit, period=PERIOD, by=system())[0].outcome == "negative"
    assert not Bill.objects.exists()


@pytest.mark.django_db
def test_a_run_leaves_the_master_to_its_difference_and_bills_the_flats() -> None:
    from mainstay.gas.billing.actions import plan_run, start_run
    from mainstay.kit.dates import local_today

    master, flats = house()
    for account, litres in ((master, 100_000), (flats[0], 30_000), (flats[1], 45_000)):
        make_reading(account, PERIOD, volume_l=litres)
    day = local_today()
    run = plan_run(period=PERIOD, unit=master.unit, issued_on=day, due_on=day, business_on=day, by=system())
    start_run(run=run, workers=1, by=system())
    run.refresh_from_db()
    work_run(run)
    assert set(Bill.objects.values_list("account_id", flat=True)) == {flat.pk for flat in flats}
    assert RunException.objects.get(run=run).reason == "master"
    assert BillingRun.objects.get(pk=run.pk).planned_accounts == 2
