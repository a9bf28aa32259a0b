"""A card meter and a mechanical one take turns at one account: tiers go on, and no litre is paid for twice."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from mainstay.core.checks import registered, run
from mainstay.gas.billing.actions import bill_account, cancel_bill
from mainstay.gas.billing.checks import bills_hold
from mainstay.gas.billing.models import Bill
from mainstay.gas.cards.actions import pay_order, report_read, report_write
from mainstay.gas.cards.actions_leftover import give_back, no_day_for_it
from mainstay.gas.cards.models import CardOrder
from mainstay.gas.cards.queries import counter_of, unfinished
from mainstay.gas.cards.rules import Bought, CardState, value_of
from mainstay.gas.customers.models import Account
from mainstay.gas.ledger.models import ClosedDay
from mainstay.gas.ledger.queries import advance_fen
from mainstay.gas.meters.actions import change_meter, exchange_meter, remove_meter
from mainstay.kit.errors import Problem
from tests.gas.billing.make import bill_period, compute, make_run
from tests.gas.cards.make import CARD, after, draft, make_buyer, make_seller
from tests.gas.make import make_installation, make_meter, make_reading, make_user
from tests.pages.battery import signed_in

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


def buy(account: Account, cubic_metres: int, card: CardState = CARD) -> CardOrder:
    """A purchase that is paid and on the card."""
    clerk, _shift = make_seller(account)
    order = draft(account, clerk, cubic_metres, card)
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
    assert (bill.year_before_l, bill.year_after_l, bill.amount_fen) == (25_000, 27_000, 400)
    assert list(bills_hold()) == []


def test_the_year_holds_when_a_bill_before_the_card_meter_is_cancelled() -> None:
    account, clerk = make_buyer(), make_user(*EXCHANGES)
    make_reading(account, 202601, volume_l=20_000, taken_on=date(2026, 1, 25))
    first = bill_account(account=account, period=202601, by=clerk)
    exchange(account, "ic_card", date(2026, 2, 10), 20_000)
    buy(account, 10)
    exchange(account, "diaphragm", date(2026, 5, 10), 9_000)
    make_reading(account, 202605, volume_l=2_000, taken_on=date(2026, 5, 20))
    bill = bill_account(account=account, period=202605, by=clerk)
    assert (bill.year_before_l, bill.amount_fen) == (29_000, 500)
    cancel_bill(bill=first, reason="抄错", by=clerk)
    last = Bill.objects.filter(account=account).latest_first()[0]
    assert (last.kind, last.year_before_l, last.year_after_l) == (Bill.Kind.CORRECTION, 9_000, 11_000)
    assert last.amount_fen == -100  # both cubic metres lie in the first tier now
    assert counter_of(account) == (date(2026, 1, 1), 29_000)  # never less than what the last purchase had counted
    assert list(bills_hold()) == []


@pytest.mark.parametrize("kind", ["ic_card", "diaphragm"])
def test_what_is_left_on_a_card_meter_is_paid_back_at_what_it_cost(kind: str) -> None:
    """29 m³ at 2 yuan, then 3 m³: one at 2, two at 3. Left are 4: two at 3, two at 2."""
    account = make_buyer()
    type(account.installations.get().meter).objects.update(kind="ic_card")
    buy(account, 3, after(buy(account, 29)))
    old = account.installations.get(until_on=None)
    exchange(account, kind, date(2026, 5, 10), 28_000)
    back = CardOrder.objects.get(state="returned")
    assert (back.installation, back.volume_l, back.amount_fen) == (old, 4_000, 2 * 300 + 2 * 200)
    assert (back.year_before_l, back.year_after_l) == (32_000, 28_000)
    assert [line[1:] for line in back.lines] == [[2_000, 30_000, 600], [1_000, 20_000, 200], [1_000, 20_000, 200]]
    assert (advance_fen(account.pk), counter_of(account)) == (1_000, (date(2026, 1, 1), 28_000))
    assert give_back(old, 1) is None, "once"
    assert not unfinished(account)
    if kind == "ic_card":  # on the new meter gas costs what it cost on the old one
        clerk, _shift = make_seller(account)
        assert draft(account, clerk, 4, CardState("80009999", 0)).amount_fen == back.amount_fen
    known = registered()
    assert not [finding for one in run([known["ledger"], known["bills"]]) for finding in one.findings]


def test_nothing_is_paid_back_where_nothing_is_left_or_it_cannot_be_told() -> None:
    account = make_buyer()
    type(account.installations.get().meter).objects.update(kind="ic_card")
    buy(account, 29)
    exchange(account, "ic_card", date(2026, 5, 10), 29_000)
    assert not CardOrder.objects.filter(state="returned").exists()
    second = account.installations.get(until_on=None)
    make_installation(account, from_on=date(2026, 5, 11), meter=make_meter(kind="ic_card", unit=account.unit))
    clerk, _shift = make_seller(account)
    assert draft(account, clerk, 5, CardState("80001234", 4)).installation is None  # for which of the two meters?
    remove_meter(installation=second, until_on=date(2026, 5, 12), last_index_l=0, reason="拆", by=make_user(*EXCHANGES))
    assert advance_fen(account.pk) == 0


def test_a_part_of_a_line_is_worth_its_share_and_charges_without_gas_are_kept() -> None:
    year, before = date(2026, 1, 1), date(2025, 1, 1)
    new = Bought(year, 1_500, 124, [[1, 3_000, 26_100, 783], [2, 1_000, 28_300, 283], [0, 0, 0, 434]])
    old = Bought(before, 1_000, 83, [[1, 10_000, 10_000, 1_000]])
    assert value_of(2_500, [new, old], year) == (
        2_500,
        2_500,
        675,
        56,
        [[2, 1_000, 28_300, 283], [1, 1_500, 26_100, 392]],
    )
    assert value_of(5_000, [new, old], year)[:4] == (5_000, 4_000, 1_166, 96)
    assert value_of(0, [new], year).amount_fen == value_of(-7, [new], year).amount_fen == 0


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


def test_with_the_day_closed_gas_that_is_left_keeps_the_meter_up_and_the_page_says_so_first() -> None:
    account = make_buyer()
    type(account.installations.get().meter).objects.update(kind="ic_card")
    buy(account, 29)
    hung = account.installations.get(until_on=None)
    client = signed_in(make_user(*EXCHANGES, unit=account.unit))
    pages = [reverse(name, args=[hung.pk]) for name in ("meters:meter_exchange", "meters:meter_remove")]
    assert all(not client.get(page).context["notices"] for page in pages)
    ClosedDay.objects.create(
        unit=account.unit, business_on=date(2026, 5, 20), closed_by=make_user(), closed_at=timezone.now()
    )
    for page in pages:
        assert client.get(page).context["notices"] == [("amber", no_day_for_it(hung))]
    with pytest.raises(Problem) as told:
        exchange(account, "ic_card", date(2026, 5, 20), 28_000)
    assert (told.value.code, str(told.value)) == ("day_closed", no_day_for_it(hung))
    assert account.installations.get(until_on=None) == hung
    exchange(account, "ic_card", date(2026, 5, 20), 29_000)  # nothing is left: nothing is booked
    assert not CardOrder.objects.filter(state="returned").exists()


def test_the_page_names_the_order_that_keeps_the_meter_up() -> None:
    account = make_buyer()
    type(account.installations.get().meter).objects.update(kind="ic_card")
    clerk, _shift = make_seller(account)
    order = draft(account, clerk)
    pay_order(order=order, tender=1, by=clerk)
    hung = account.installations.get(until_on=None)
    client = signed_in(make_user(*EXCHANGES, unit=account.unit))
    [(hue, text)] = client.get(reverse("meters:meter_exchange", args=[hung.pk])).context["notices"]
    assert hue == "red"
    assert order.number in str(text)
