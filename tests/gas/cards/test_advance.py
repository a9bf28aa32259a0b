"""Gas bought on a card from the advance: what was left on an exchanged meter comes onto the new card, to the fen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from mainstay.core.checks import registered, run
from mainstay.gas.cards.actions import buy_from_advance, pay_order, report_read, report_write, void_order
from mainstay.gas.cards.models import CardOrder
from mainstay.gas.cards.papers import order_paper
from mainstay.gas.cards.providers import sell_again
from mainstay.gas.cards.queries_prices import offer
from mainstay.gas.cards.rules import CardState
from mainstay.gas.customers.models import Account
from mainstay.gas.ledger import chart
from mainstay.gas.ledger.queries import account_statement, advance_fen, balance
from mainstay.gas.meters.actions import exchange_meter
from mainstay.gas.payments.actions import reverse_payment
from mainstay.gas.payments.models import Payment
from mainstay.kit.errors import Problem
from mainstay.kit.pdf import render_pdf
from tests.gas.cards.make import after, draft, make_buyer, make_seller
from tests.gas.make import make_meter, make_user
from tests.gas.payments.make import make_bill, pay
from tests.support.papers import text_of

pytestmark = pytest.mark.django_db
MORE = ("gas.cards.buy_from_advance", "gas.cards.view_order", "core.documents.issue_document")
NEW = CardState("80009999", 0)


@pytest.fixture(autouse=True)
def spring():
    with time_machine.travel("2026-05-20 10:00", tick=False):
        yield


def seller(account: Account) -> Any:
    return make_seller(account, *MORE)[0]


@pytest.fixture
def exchanged():
    """An account whose card meter came down with 4 m³ left on it (10 yuan), a new one in its place, and the clerk."""
    account = make_buyer()
    type(account.installations.get().meter).objects.update(kind="ic_card")
    clerk = seller(account)
    first = pay_order(order=draft(account, clerk, 32), tender=1, by=clerk)
    report_read(order=report_write(order=first, card=after(first), by=clerk), card=after(first), by=clerk)
    old = account.installations.get(until_on=None)
    meter = make_meter(kind="ic_card", unit=account.unit)
    exchange_meter(
        installation=old, meter=meter, on=date(2026, 5, 10), last_index_l=28_000, first_index_l=0, reason="换表",
        by=make_user("gas.meters.exchange_meter", "gas.meters.install_meter", "gas.meters.remove_meter"),
    )  # fmt: skip
    return account, clerk, old


def faults() -> list[str]:
    known = registered()
    return [finding.text for one in run([known["ledger"], known["bills"]]) for finding in one.findings]


def test_what_was_left_is_written_on_the_new_card_at_what_it_cost(exchanged) -> None:
    account, clerk, old = exchanged
    assert sell_again(installation=old, user=clerk) == reverse("cards:desk", args=[account.pk])
    found = offer(account)
    assert found is not None
    assert (found.free_fen, found.volume_l, found.amount_fen) == (1_000, 4_000, 1_000)
    payments = Payment.objects.count()
    order = buy_from_advance(account=account, card=NEW, volume_l=found.volume_l, by=clerk)
    assert (order.state, order.payment_no, order.from_advance, order.amount_fen) == ("paid", None, True, 1_000)
    assert (advance_fen(account.pk), Payment.objects.count(), order.year_after_l) == (0, payments, 32_000)
    assert sorted(row.billed_fen for row in account_statement(account.pk)) == [-1_000, 0, 1_000, 6_600]
    assert offer(account) is None
    # The reader failed and the clerk began again: it is resumed, never charged again.
    with pytest.raises(Problem) as told:
        buy_from_advance(account=account, card=NEW, volume_l=4_000, by=clerk)
    assert told.value.code == "unfinished"
    order = report_read(order=order, card=after(order), by=clerk)
    assert (order.state, faults()) == ("confirmed", [])


def test_a_void_purchase_goes_back_into_the_advance(exchanged) -> None:
    account, clerk, _old = exchanged
    order = buy_from_advance(account=account, card=NEW, volume_l=3_000, by=clerk)
    assert advance_fen(account.pk) == 1_000 - order.amount_fen
    for _time in range(2):
        order = void_order(order=order, reason="换卡", card=("80009999", 0, ""), by=clerk)
    assert (order.state, advance_fen(account.pk), offer(account).amount_fen) == ("void", 1_000, 1_000)  # type: ignore[union-attr]
    assert balance(account.pk, chart.CASH) == 32_00 * 2 + 2_00  # 30 m³ at 2 yuan, 2 at 3: as it was taken
    assert faults() == []


def test_no_more_than_is_free_and_what_is_owed_comes_first(exchanged) -> None:
    account, clerk, _old = exchanged
    with pytest.raises(Problem) as told:
        buy_from_advance(account=account, card=NEW, volume_l=5_000, by=clerk)
    assert (told.value.code, told.value.field) == ("above_advance", "volume")
    make_bill(account, 202602, 500)
    found = offer(account)
    assert found is not None
    assert (found.free_fen, found.volume_l, found.amount_fen) == (500, 2_000, 400)
    with pytest.raises(Problem) as told:
        buy_from_advance(account=account, card=NEW, volume_l=4_000, by=clerk)
    assert told.value.code == "above_advance"
    assert not CardOrder.objects.filter(card_no="80009999").exists()
    make_bill(account, 202603, 500)
    assert offer(account) is None


def test_money_that_bought_gas_is_not_paid_back(exchanged) -> None:
    account, clerk, _old = exchanged
    payment = pay(account, 600, clerk, None, tender=2, channel="office")
    buy_from_advance(account=account, card=NEW, volume_l=5_000, by=clerk)
    with pytest.raises(Problem) as told:
        reverse_payment(payment=payment, reason="退", by=make_user("gas.payments.reverse_payment"))
    assert told.value.code == "moved_on"


def test_a_card_takes_each_purchase_once(exchanged) -> None:
    account, clerk, _old = exchanged
    other = make_buyer(unit=account.unit)
    report_read(order=pay_order(order=draft(other, clerk, 5, NEW), tender=1, by=clerk), card=NEW, by=clerk)
    with pytest.raises(Problem) as told:
        buy_from_advance(account=account, card=NEW, volume_l=4_000, by=clerk)
    assert told.value.code == "came_between"


@pytest.mark.parametrize(
    ("language", "titles", "tender"),
    [
        ("zh", ("卡表余气退款单", "卡表购气单", "卡表购气作废单"), "预存"),
        ("en", ("Gas left on a card meter", "Gas bought on a card", "Gas on a card taken back"), "from the advance"),
    ],
)
def test_its_papers(exchanged, language: str, titles: tuple[str, ...], tender: str) -> None:
    account, clerk, old = exchanged
    clerk = make_user("core.documents.issue_document")
    back = CardOrder.objects.get(state="returned")
    seller_of = make_seller(account, *MORE)[0]
    order = buy_from_advance(account=account, card=NEW, volume_l=4_000, by=seller_of)
    papers = [order_paper(back, by=clerk), order_paper(order, by=clerk)]
    assert order_paper(order, by=clerk) == papers[1]
    void_order(order=order, reason="换卡", card=("80009999", 0, ""), by=seller_of)
    papers.append(order_paper(order, by=clerk))
    marks = {"reprint": False, "void": False}
    said = [
        text_of(render_pdf(one.template, {**one.data, "number": one.number, **marks}, language=language))
        for one in papers
    ]
    for text, title in zip(said, titles, strict=True):
        assert title in text
        assert "人民币壹拾元整" in text
        assert "¥10.00" in text
    assert str(old.meter) in said[0]
    assert (tender in said[1], "80009999" in said[1]) == (True, True)


def test_a_draft_has_no_paper(exchanged) -> None:
    account, clerk, _old = exchanged
    with pytest.raises(Problem) as told:
        order_paper(draft(account, clerk, 2, NEW), by=clerk)
    assert told.value.code == "not_paid"
