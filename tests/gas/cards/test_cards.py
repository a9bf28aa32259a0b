"""A card purchase is charged once and written once, whatever is lost on the way; the card tells what happened."""

from __future__ import annotations

import pytest

from mainstay.core.door import ApprovalFiled
from mainstay.core.workflow.actions import approve
from mainstay.core.workflow.models import Approval
from mainstay.gas.cards.actions import draft_order, pay_order, report_read, report_write, void_order
from mainstay.gas.cards.models import CardOrder
from mainstay.gas.cards.rules import CardState, what_happened
from mainstay.gas.ledger import batch, chart
from mainstay.gas.ledger.models import Posting
from mainstay.gas.ledger.queries import balance
from mainstay.gas.payments.actions import reverse_payment
from mainstay.gas.payments.models import Payment
from mainstay.gas.payments.queries import cash_expected
from mainstay.kit.errors import Problem
from tests.gas.cards.make import CARD, after, draft, make_buyer, make_seller
from tests.gas.make import make_user

CHECKS = ("payment", "receivable", "allocation", "advance", "orphan")


@pytest.mark.parametrize(
    ("card", "found"),
    [
        (CardState("80001234", 3, "IC1"), "not_written"),
        (CardState("80001234", 4, "IC2"), "written"),
        (CardState("80009999", 3, "IC1"), "other_card"),
        (CardState("80001234", 4, "IC1"), "differs"),
        (CardState("80001234", 5, "IC2"), "differs"),
        (CardState("80001234", 3, "IC2"), "differs"),
        (CardState("80001234", 2, ""), "differs"),
    ],
)
def test_a_card_tells_what_happened(card, found) -> None:
    assert what_happened("IC2", "80001234", 3, card) == found


@pytest.fixture
def sale(db):
    account = make_buyer()
    clerk, shift = make_seller(account)
    return account, clerk, shift, draft(account, clerk)


def plain(card: CardState) -> tuple[str, int, str]:
    return card.card_no, card.purchases, card.last_order


def consistent() -> bool:
    return not any(batch.differences(kind) for kind in CHECKS)


def test_drafted_paid_written_confirmed(sale) -> None:
    account, clerk, shift, order = sale
    assert (order.amount_fen, order.year_before_l, order.year_after_l) == (4_000, 0, 20_000)
    for _time in range(2):  # the answer was lost, the clerk pressed again
        order = pay_order(order=order, tender=1, received_fen=10_000, by=clerk)
    assert (order.state, Payment.objects.count(), cash_expected(shift)) == ("paid", 1, 54_000)
    assert balance(account.pk, chart.CASH) == 4_000
    assert balance(account.pk, chart.REVENUE) + balance(account.pk, chart.VAT) == -4_000
    assert balance(account.pk, chart.ADVANCE) == 0
    assert consistent()
    assert report_read(order=order, card=CARD, by=clerk).state == "paid"  # not on the card: write again
    with pytest.raises(Problem) as caught:
        report_write(order=order, card=CARD, by=clerk)
    assert caught.value.code == "not_written"
    for _time in range(2):
        order = report_write(order=order, card=after(order), by=clerk)
    assert report_read(order=order, card=after(order), by=clerk).state == "confirmed"
    following = draft(account, clerk, 20, after(order))  # the tiers of the year go on: 10 m³ at 2 yuan, 10 at 3
    assert (following.year_before_l, following.amount_fen) == (20_000, 5_000)


def test_paid_but_not_written_is_resumed_never_charged_again(sale) -> None:
    account, clerk, _shift, order = sale
    pay_order(order=order, tender=2, by=clerk)
    with pytest.raises(Problem) as caught:
        draft(account, clerk)
    assert caught.value.code == "unfinished"
    order = report_read(order=order, card=after(order), by=clerk)  # written, but the report was lost
    assert (order.state, order.written_at is not None) == ("confirmed", True)
    assert Payment.objects.count() == 1
    with pytest.raises(Problem) as caught:
        void_order(order=order, reason="退", card=plain(after(order)), by=clerk)
    assert caught.value.code == "wrong_state"


def test_two_desks_never_sell_the_same_place_on_a_card(sale) -> None:
    account, clerk, _shift, first = sale
    second = draft(account, clerk, 30)
    pay_order(order=first, tender=2, by=clerk)
    with pytest.raises(Problem) as caught:
        pay_order(order=second, tender=2, by=clerk)
    assert caught.value.code == "came_between"
    report_read(order=first, card=after(first), by=clerk)
    other = CardState("80001234", 4, first.number)
    stale = draft(account, clerk, 10, other)
    pay_order(order=stale, tender=2, by=clerk)
    assert Payment.objects.count() == 2
    assert void_order(order=second, reason="重复", by=clerk).state == "void"


def test_a_void_order_gives_the_money_back_only_off_the_card(sale) -> None:
    account, clerk, shift, order = sale
    order = pay_order(order=order, tender=1, by=clerk)
    payment = Payment.objects.get()
    with pytest.raises(Problem) as caught:
        reverse_payment(payment=payment, reason="录错", by=clerk)
    assert caught.value.code == "not_by_itself"
    for card, code in [(None, "no_card"), (after(order), "written"), (CardState("8", 3, ""), "other_card")]:
        with pytest.raises(Problem) as caught:
            void_order(order=order, reason="退气", card=card and plain(card), by=clerk)
        assert caught.value.code == code
    for _time in range(2):
        assert void_order(order=order, reason="退气", card=plain(CARD), by=clerk).state == "void"
    assert (Payment.objects.count(), cash_expected(shift)) == (2, 50_000)
    assert {balance(account.pk, code) for code in (chart.CASH, chart.REVENUE, chart.VAT, chart.ADVANCE)} == {0}
    assert Posting.objects.filter(document=Posting.Document.CARD_SALE_BACK).exists()
    assert consistent()
    again = draft(account, clerk)
    assert (again.year_before_l, pay_order(order=again, tender=1, by=clerk).state) == (0, "paid")


def test_above_the_limit_a_second_person_agrees(db) -> None:
    account = make_buyer()
    clerk, _shift = make_seller(account, limit_fen=4_500)
    order = pay_order(order=draft(account, clerk), tender=2, by=clerk)
    order.amount_fen = 5_000  # what the rank is compared with
    with pytest.raises(ApprovalFiled):
        void_order(order=order, reason="退气", card=plain(CARD), by=clerk)
    assert Approval.objects.count() == 1
    approve(approval=Approval.objects.get(), by=make_user("gas.cards.void_order"))
    assert CardOrder.objects.get(pk=order.pk).state == "void"


def test_no_card_no_volume_no_sale(sale) -> None:
    account, clerk, _shift, _order = sale
    for volume_l in (0, -1_000, 500, 5_001_000):
        with pytest.raises(Problem):
            draft_order(account=account, card=CARD, volume_l=volume_l, by=clerk)
    with pytest.raises(Problem) as caught:
        draft(account, clerk, card=CardState("", 0))
    assert caught.value.code == "no_card"
