"""A card meter and a mechanical one take turns at one account: tiers go on, and no litre is paid for twice."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from mainstay.gas.billing.actions import bill_account, cancel_bill
from mainstay.gas.billing.checks import bills_hold
from mainstay.gas.billing.models import Bill
from mainstay.gas.cards.actions import pay_order, report_read, report_write
from mainstay.gas.cards.queries import counter_of
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.actions import change_meter, exchange_meter
from mainstay.kit.errors import Problem
from tests.gas.billing.make import bill_period, compute, make_run
from tests.gas.cards.make import after, draft, make_buyer, make_seller
from tests.gas.make import make_meter, make_reading, make_user

pytestmark = pytest.mark.django_db
EXCHANGES = (
    "gas.meters.exchange_meter", "gas.meters.install_meter", "gas.meters.remove_meter", "gas.meters.change_meter",
    "gas.billing.bill_account", "gas.billing.cancel_bill",
)  # fmt: skip


@pytest.fixture(autouse=True)
def spring():
    with time_machine.travel("2026-05-20 10:00", tick=False):
        yield


def exchange(account: Account, kind: str, on: date, last_l: int) -> None:
    """Hang another meter in the place of the one that hangs."""
    meter = make_meter(kind=kind, unit=account.unit)
    exchange_meter(
        installation=account.installations.get(until_on=None), meter=meter, on=on, last_index_l=last_l, first_index_l=0,
        reason="换表", by=make_user(*EXCHANGES),
    )  # fmt: skip


def buy(account: Account, cubic_metres: int) -> object:
    """A purchase that is paid and on the card."""
    clerk, _shift = make_seller(account)
    order = draft(account, clerk, cubic_metres)
    pay_order(order=order, tender=1, by=clerk)
    report_write(order=order, card=after(order), by=clerk)
    return report_read(order=order, card=after(order), by=clerk)


def test_from_the_mechanical_meter_to_the_card_meter_and_the_tiers_go_on() -> None:
    account = make_buyer()
    make_reading(account, 202604, volume_l=28_000, taken_on=date(2026, 4, 25))
    bill_period(account, 202604)
    exchange(account, "ic_card", date(2026, 5, 10), 29_000)
    # What the old meter measured until the exchange is billed, what the card meter measures is not.
    make_reading(account, 202605, volume_l=9_000, taken_on=date(2026, 5, 20))
    bill = bill_period(account, 202605)
    assert (bill.volume_l, bill.year_after_l, bill.amount_fen) == (1_000, 29_000, 200)
    order = buy(account, 2)
    assert (order.year_before_l, order.amount_fen) == (29_000, 500)  # 1 m³ at 2 yuan, 1 m³ at 3 yuan
    run = make_run(account.unit, 202606, [account.book_entry.book])
    assert run.exceptions.get().reason == "prepaid"


def test_from_the_card_meter_to_the_mechanical_meter_inside_a_period() -> None:
    account = make_buyer()
    type(account.installations.get().meter).objects.update(kind="ic_card")
    buy(account, 29)
    exchange(account, "diaphragm", date(2026, 5, 10), 25_000)
    run = make_run(account.unit, 202605, [account.book_entry.book])
    assert run.exceptions.get().reason == "no_reading"  # the card meter's last index is no bill, the new one is unread
    make_reading(account, 202605, volume_l=2_000, taken_on=date(2026, 5, 20))
    compute(make_run(account.unit, 202605, [account.book_entry.book]))
    bill = Bill.objects.get(account=account, period=202605, kind=Bill.Kind.REGULAR)
    assert (bill.from_on, bill.volume_l) == (date(2026, 5, 10), 2_000)
    assert (bill.year_before_l, bill.year_after_l, bill.amount_fen) == (29_000, 31_000, 500)
    assert list(bills_hold()) == []


def test_the_year_holds_when_a_bill_before_the_card_meter_is_cancelled() -> None:
    account, clerk = make_buyer(), make_user(*EXCHANGES)
    make_reading(account, 202601, volume_l=20_000, taken_on=date(2026, 1, 25))
    first = bill_account(account=account, period=202601, by=clerk)
    exchange(account, "ic_card", date(2026, 2, 10), 20_000)
    buy(account, 9)
    exchange(account, "diaphragm", date(2026, 5, 10), 8_000)
    make_reading(account, 202605, volume_l=2_000, taken_on=date(2026, 5, 20))
    bill = bill_account(account=account, period=202605, by=clerk)
    assert (bill.year_before_l, bill.amount_fen) == (29_000, 500)
    cancel_bill(bill=first, reason="抄错", by=clerk)
    last = Bill.objects.filter(account=account).latest_first()[0]
    assert (last.kind, last.year_before_l, last.year_after_l) == (Bill.Kind.CORRECTION, 9_000, 11_000)
    assert last.amount_fen == -100  # both cubic metres lie in the first tier now
    assert counter_of(account) == (date(2026, 1, 1), 29_000)  # never less than what the last purchase had counted
    assert list(bills_hold()) == []


def test_a_purchase_that_is_paid_and_not_written_keeps_the_meter_where_it_is() -> None:
    account = make_buyer()
    type(account.installations.get().meter).objects.update(kind="ic_card")
    clerk, _shift = make_seller(account)
    pay_order(order=draft(account, clerk), tender=1, by=clerk)
    with pytest.raises(Problem) as told:
        exchange(account, "diaphragm", date(2026, 5, 10), 25_000)
    assert told.value.code == "unfinished"
    assert account.installations.get(until_on=None).meter.kind == "ic_card"


def test_a_meter_that_has_hung_does_not_become_a_card_meter() -> None:
    account = make_buyer()
    meter = account.installations.get().meter
    facts = {"meter_no": meter.meter_no, "unit": meter.unit, "maker": "", "digits": 5, "factor_e4": 10_000}
    days = {"made_on": None, "verified_until": None}
    with pytest.raises(Problem) as told:
        change_meter(meter=meter, kind="ic_card", **facts, **days, by=make_user(*EXCHANGES))
    assert told.value.field == "kind"
