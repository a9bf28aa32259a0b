"""A cheque counts at once and clears later; bounced, its bills are open again and the ledger says so."""

from __future__ import annotations

import datetime as dt

import pytest

from mainstay.core.audit.models import Entry
from mainstay.gas.ledger import batch, chart
from mainstay.gas.ledger.actions import make_voucher
from mainstay.gas.ledger.models import Posting
from mainstay.gas.ledger.queries import balance
from mainstay.gas.payments.actions import bounce_cheque, clear_cheque, refund_advance, reverse_payment
from mainstay.gas.payments.counter_rules import NewCheque
from mainstay.gas.payments.models import Cheque, Payment
from mainstay.gas.payments.papers import receipt_data
from mainstay.gas.payments.providers import warnings_of_account
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.pdf import render_pdf
from tests.gas.make import make_account, make_user
from tests.gas.payments.make import make_bill, make_clerk, make_shift, make_till, open_fen, pay
from tests.support.papers import text_of

pytestmark = pytest.mark.django_db
CASHIER = ("gas.payments.clear_cheque", "gas.payments.bounce_cheque")


def cheque(number: str = "12345678", **more) -> NewCheque:
    facts = {"bank": "汇通银行城西支行", "drawer": "汇通酒楼有限公司", "drawn_on": local_today(), **more}
    return NewCheque(number, **facts)


@pytest.fixture
def taken():
    """An account with two bills paid by one cheque of 120 yuan, 20 of it in advance."""
    account, clerk = make_account(), make_clerk()
    make_bill(account, 202609, 4_000)
    make_bill(account, 202610, 6_000)
    shift = make_shift(clerk, make_till(account.unit))
    payment = pay(account, 12_000, clerk, shift, tender=6, cheque=cheque())
    return account, clerk, shift, payment


def consistent() -> bool:
    return not any(batch.differences(kind) for kind in ("payment", "receivable", "allocation", "advance", "orphan"))


def test_it_counts_at_once_and_clears_later(taken) -> None:
    account, clerk, _shift, payment = taken
    held = Cheque.objects.get()
    assert open_fen(account) == {}
    assert (held.state, held.amount_fen, held.payment_no) == ("waiting", 12_000, payment.payment_no)
    assert (balance(account.pk, chart.CHEQUES), balance(account.pk, chart.BANK)) == (12_000, 0)
    assert [hue for hue, _text in warnings_of_account(account=account, user=clerk)] == ["amber"]
    boss = make_user(*CASHIER)
    for _time in range(2):
        clear_cheque(cheque=held, by=boss)
    assert (balance(account.pk, chart.CHEQUES), balance(account.pk, chart.BANK)) == (0, 12_000)
    assert Posting.objects.filter(document=Posting.Document.CHEQUE).count() == 1
    assert consistent()
    with pytest.raises(Problem) as caught:
        bounce_cheque(cheque=held, reason="空头", by=boss)
    assert caught.value.code == "cheque_decided"


@pytest.mark.parametrize(("language", "words"), [("zh", "款项到账后"), ("en", "once the bank has paid")])
def test_its_receipt_names_it_and_waits_for_the_bank(taken, language, words) -> None:
    _account, clerk, _shift, payment = taken
    data = {**receipt_data(payment, clerk), "number": "W01", "reprint": False, "void": False}
    assert data["cheque"] == {"bank": cheque().bank, "number": "12345678", "drawer": cheque().drawer}
    text = text_of(render_pdf("receipt", data, language=language))
    assert "12345678" in text
    assert words in text
    assert "人民币壹佰贰拾元整" in text


def test_bounced_it_reopens_its_bills(taken) -> None:
    account, clerk, _shift, payment = taken
    held, boss = Cheque.objects.get(), make_user(*CASHIER)
    first = bounce_cheque(cheque=held, reason="余额不足", by=boss)
    assert bounce_cheque(cheque=held, reason="余额不足", by=boss).payment_no == first.payment_no
    assert open_fen(account) == {(202609, 0): 4_000, (202610, 0): 6_000}
    assert (first.amount_fen, first.refers_no, first.tender) == (-12_000, payment.payment_no, Payment.Tender.CHEQUE)
    held.refresh_from_db()
    assert (held.state, held.note) == ("bounced", "余额不足")
    assert {balance(account.pk, code) for code in (chart.CHEQUES, chart.BANK, chart.ADVANCE)} == {0}
    assert consistent()
    assert [hue for hue, _text in warnings_of_account(account=account, user=clerk)] == ["red"]
    assert Entry.objects.filter(action="gas.payments.bounce_cheque", outcome="done").count() == 2
    with pytest.raises(Problem):
        clear_cheque(cheque=held, by=boss)


def test_money_goes_back_as_it_stands(taken) -> None:
    """Reversed while it waits the cheque itself is handed back; once paid, the money goes back by transfer."""
    account, clerk, shift, payment = taken
    back = reverse_payment(payment=payment, reason="录错", by=clerk)
    assert (back.tender, Cheque.objects.get().state) == (Payment.Tender.CHEQUE, "returned")
    again = pay(account, 10_000, clerk, shift, tender=6, cheque=cheque())  # handed back, so it may come again
    clear_cheque(cheque=Cheque.objects.get(state="waiting"), by=make_user(*CASHIER))
    back = reverse_payment(payment=again, reason="录错", by=clerk)
    assert back.tender == Payment.Tender.TRANSFER
    assert (balance(account.pk, chart.CHEQUES), balance(account.pk, chart.BANK)) == (0, 0)
    assert consistent()


def test_what_no_bank_pays_is_not_taken(taken) -> None:
    account, clerk, shift, _payment = taken
    late = local_today() - dt.timedelta(days=11)
    for given, code in [
        (None, "no_cheque"),
        (cheque("12"), "cheque_number"),
        (cheque("87654321", drawn_on=late), "cheque_late"),
        (cheque(), "cheque_known"),
    ]:
        with pytest.raises(Problem) as caught:
            pay(account, 1_000, clerk, shift, tender=6, cheque=given)
        assert caught.value.code == code
    assert Payment.objects.count() == 1
    with pytest.raises(Problem):
        refund_advance(account=account, amount_fen=100, tender=6, serial="r1", reason="退", by=clerk)


def test_a_closed_day_takes_no_clearing(taken) -> None:
    account, _clerk, shift, _payment = taken
    shift.state = "closed"
    shift.save()
    finance = make_user("gas.ledger.make_voucher", *CASHIER)
    make_voucher(unit=account.unit, business_on=local_today(), by=finance)
    with pytest.raises(Problem) as caught:
        clear_cheque(cheque=Cheque.objects.get(), by=finance)
    assert caught.value.code == "day_closed"
    with pytest.raises(Problem) as caught:
        clear_cheque(cheque=Cheque.objects.get(), cleared_on=local_today() + dt.timedelta(days=1), by=finance)
    assert caught.value.code == "future"
    assert Cheque.objects.get().state == "waiting"
