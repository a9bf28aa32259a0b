"""The ledger: rules, the set-based twin, vouchers and closed days, and the check that finds what is wrong."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from mainstay.core.audit.models import Entry
from mainstay.gas.ledger import batch, chart, queries, rules
from mainstay.gas.ledger.actions import make_voucher
from mainstay.gas.ledger.checks import ledger_agrees
from mainstay.gas.ledger.models import LedgerAccount, Posting, Voucher
from mainstay.gas.ledger.papers import voucher_data
from mainstay.gas.payments.actions import close_shift, reverse_payment
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.money import capitals, yuan
from mainstay.kit.pdf import render_pdf
from mainstay.kit.testing import guards_down
from tests.gas.make import make_account, make_unit, make_user
from tests.gas.payments.make import make_bill, make_clerk, make_shift, make_till, pay
from tests.support.papers import text_of

FEN = st.integers(-1_000_000, 1_000_000)


@given(FEN, FEN)
def test_every_document_balances_and_lines_are_positive(amount: int, part: int) -> None:
    documents = [
        rules.bill_lines(amount, part),
        rules.payment_lines(1, amount, part),
        rules.settlement_lines(amount),
        rules.refund_lines(4, abs(amount)),
        rules.shift_lines(amount),
    ]
    for lines in documents:
        assert sum(rules.balances(lines).values()) == 0
        assert all(line.amount_fen > 0 and line.debit != line.credit for line in lines)
    assert rules.balances(documents[0]).get(chart.RECEIVABLE, 0) == amount
    assert rules.balances(documents[1]).get(chart.ADVANCE, 0) == -part


@given(st.integers(200001, 299912), st.integers(0, 32_767), st.integers(1, 32_767))
def test_document_numbers_never_meet(period: int, seq: int, no: int) -> None:
    number = rules.settlement_document(period, seq, no)
    assert number < 2**63
    assert (number // 10**10, number // 10**5 % 10**5, number % 10**5) == (period, seq, no)


@given(st.dictionaries(st.integers(1000, 9999), st.tuples(st.integers(0, 999), st.integers(0, 999))))
def test_voucher_sides_keep_both_sums(turnover: dict[int, tuple[int, int]]) -> None:
    sides = rules.voucher_sides(turnover)
    assert sum(debit for _code, debit, _credit in sides) == sum(debit for debit, _credit in turnover.values())
    assert sum(credit for _code, _debit, credit in sides) == sum(credit for _debit, credit in turnover.values())
    assert all(bool(debit) != bool(credit) for _code, debit, credit in sides)


@pytest.mark.django_db
def test_the_chart_is_there() -> None:
    assert set(LedgerAccount.objects.values_list("code", flat=True)) >= {code for code, *_names in chart.CHART}


@pytest.mark.django_db
def test_the_set_based_twin_posts_the_same_rows() -> None:
    account = make_account()
    amounts = [(5_220, 431), (0, 0), (-5_220, -431), (100, 0), (7, 7), (-1, 0)]
    for seq, (amount, vat) in enumerate(amounts):
        make_bill(account, 202610, amount, vat_fen=vat, seq=seq)
    fields = ("account_id", "document", "document_no", "line", "unit_id", "debit", "credit", "amount_fen")
    by_rules = sorted(Posting.objects.values_list(*fields))
    with guards_down():
        Posting.objects.all().delete()
    with connection.cursor() as cursor:
        batch.post_bills(cursor, "billing_bill")
    assert sorted(Posting.objects.values_list(*fields)) == by_rules


@pytest.fixture
def day(db):
    """A day's business at one till: bill, payment with advance, reversal."""
    account, clerk = make_account(), make_clerk()
    shift = make_shift(clerk, make_till(account.unit))
    make_bill(account, 202609, 4_000, vat_fen=330)
    make_bill(account, 202610, 5_000, vat_fen=413)
    pay(account, 10_000, clerk, shift)
    wrong = pay(account, 700, clerk, shift, tender=2)
    reverse_payment(payment=wrong, reason="录错", by=clerk)
    return account, clerk, shift


def test_balances_follow_from_postings(day) -> None:
    account, _clerk, _shift = day
    assert queries.receivable_fen(account.pk) == 0
    assert queries.advance_fen(account.pk) == 1_000
    today = local_today()
    rows = {row.code: row for row in queries.trial_balance(None, today, today)}
    assert sum(row.closing_fen for row in rows.values()) == 0
    assert (rows[chart.CASH].closing_fen, rows[chart.VAT].closing_fen) == (10_000, -743)
    assert (rows[chart.CLEARING].debit_fen, rows[chart.CLEARING].credit_fen) == (700, 700)
    statement = queries.account_statement(account.pk)
    assert statement[-1].balance_fen == -1_000
    assert [row.billed_fen for row in statement if row.billed_fen] == [4_000, 5_000]


@pytest.mark.parametrize(
    ("language", "title", "signs"), [("zh-hans", "记账凭证", "复核"), ("en", "Voucher", "Checked by")]
)
def test_a_voucher_is_printed_with_its_sums_and_places_to_sign(day, client, language, title, signs) -> None:
    account, clerk, shift = day
    boss = make_user("gas.ledger.make_voucher", "gas.ledger.view_ledger")
    close_shift(shift=shift, counted_fen=60_000, by=clerk)
    voucher = make_voucher(unit=account.unit, business_on=local_today(), by=boss)
    with override(language):
        text = text_of(render_pdf("voucher", voucher_data(voucher, boss)))
    for piece in (title, signs, voucher.number, yuan(voucher.amount_fen), capitals(voucher.amount_fen)):
        assert piece in text
    total = next(line for line in text.splitlines() if line.split()[:1] in (["合计"], ["Total"]))
    assert total.split()[1:] == [yuan(voucher.amount_fen)] * 2
    elsewhere = make_user("gas.ledger.view_ledger", unit=make_unit(), scope="subtree")
    for user, status in ((boss, 200), (elsewhere, 404), (make_user(), 403)):
        client.force_login(user)
        assert client.get(reverse("ledger:voucher_paper", args=[voucher.pk])).status_code == status


def test_a_voucher_closes_the_day(day, client) -> None:
    account, clerk, shift = day
    boss = make_user("gas.ledger.make_voucher", "gas.ledger.view_ledger")
    today = local_today()
    with pytest.raises(Problem) as caught:
        make_voucher(unit=account.unit, business_on=today, by=boss)
    assert caught.value.code == "shifts_open"
    close_shift(shift=shift, counted_fen=60_000, by=clerk)
    voucher = make_voucher(unit=account.unit, business_on=today, by=boss)
    again = make_voucher(unit=account.unit, business_on=today, by=boss)
    assert again == voucher
    lines = list(voucher.lines.all())
    assert sum(line.debit_fen for line in lines) == sum(line.credit_fen for line in lines) == voucher.amount_fen
    assert voucher.number == f"{today.year}-000001"
    assert Entry.objects.filter(action="gas.ledger.make_voucher", outcome="done").count() == 2
    with pytest.raises(Problem) as caught:
        pay(account, 100, clerk, None)
    assert caught.value.code == "day_closed"
    with pytest.raises(Problem) as caught:
        make_voucher(unit=account.unit, business_on=today + dt.timedelta(days=1), by=boss)
    assert caught.value.code == "future"
    client.force_login(boss)
    assert client.get(reverse("ledger:voucher_detail", args=[voucher.pk])).status_code == 200
    sheet = client.get(reverse("ledger:voucher_export", args=[voucher.pk, "plain"]))
    assert sheet.content.startswith(b"PK")


def test_a_day_without_postings_has_no_voucher(db) -> None:
    boss = make_user("gas.ledger.make_voucher")
    with pytest.raises(Problem) as caught:
        make_voucher(unit=make_account().unit, business_on=local_today(), by=boss)
    assert caught.value.code == "nothing_posted"
    assert not Voucher.objects.exists()


def test_the_check_is_silent_on_good_books(day) -> None:
    assert list(ledger_agrees()) == []


@pytest.mark.parametrize(
    ("damage", "kinds"),
    [
        (
            "UPDATE ledger_posting SET amount_fen = amount_fen + 1 WHERE document = 1 AND line = 1",
            {"bill", "receivable"},
        ),
        ("DELETE FROM ledger_posting WHERE document = 1 AND line = 2", {"vat", "bill", "receivable"}),
        ("DELETE FROM ledger_posting WHERE document = 2", {"payment", "receivable", "advance"}),
        ("UPDATE payments_advance SET balance_fen = balance_fen + 5", {"advance"}),
        ("DELETE FROM payments_advance", {"advance"}),  # one side of the books lacks the account altogether
        ("DELETE FROM ledger_posting", {"bill", "payment", "advance"}),
        (
            "INSERT INTO billing_openitem (account_id, period, seq, due_on, open_fen) "
            "SELECT account_id, period, seq, due_on, 7 FROM billing_bill",
            {"receivable", "allocation"},
        ),
        ("DELETE FROM payments_allocation", {"allocation"}),
        ("UPDATE payments_payment SET amount_fen = amount_fen + 1 WHERE kind = 1", {"payment"}),
        ("DELETE FROM payments_payment WHERE kind = 2", {"orphan"}),
    ],
)
def test_the_check_finds_what_was_tampered_with(day, damage, kinds) -> None:
    account, _clerk, _shift = day
    with guards_down(), connection.cursor() as cursor:
        cursor.execute(damage)
    found = {kind for kind in ("bill", "vat", "payment", "receivable", "allocation", "advance", "orphan")
             if batch.differences(kind)}  # fmt: skip
    assert found >= kinds
    findings = list(ledger_agrees())
    assert any(str(account.pk) in finding.text for finding in findings)
