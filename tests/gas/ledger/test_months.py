"""A closed month takes nothing; opened again by two people, its last day takes corrections with their own voucher."""

from __future__ import annotations

import datetime as dt

import pytest

from mainstay.core.door import ApprovalFiled
from mainstay.core.workflow.actions import approve
from mainstay.core.workflow.models import Approval
from mainstay.gas.ledger import chart, export_papers
from mainstay.gas.ledger.actions import make_voucher
from mainstay.gas.ledger.batch import differences
from mainstay.gas.ledger.models import ClosedDay, ClosedMonth, LedgerAccount, Voucher
from mainstay.gas.ledger.month_actions import close_month, reopen_month, save_ledger_account
from mainstay.gas.ledger.queries import account_statement, ledger_sheet, trial_balance
from mainstay.gas.payments.actions import take_payment
from mainstay.kit.dates import add_months, first_day, last_day, local_today, period_of
from mainstay.kit.errors import Problem
from tests.gas.make import make_account, make_user
from tests.gas.payments.make import pay

pytestmark = pytest.mark.django_db
RIGHTS = ("gas.ledger.make_voucher", "gas.ledger.close_month", "gas.ledger.reopen_month", "gas.payments.take_payment")


@pytest.fixture
def month():
    """An account with a payment on two days of last month, and an accountant."""
    account, clerk = make_account(), make_user(*RIGHTS)
    period = add_months(period_of(local_today()), -1)
    first = first_day(period)
    for day, fen in ((first, 1_000), (first + dt.timedelta(days=4), 2_500)):
        pay(account, fen, clerk, None, tender=2, business_on=day)
    return account, clerk, period


def close_days(account, clerk, period) -> None:
    first = first_day(period)
    for day in (first, first + dt.timedelta(days=4)):
        make_voucher(unit=account.unit, business_on=day, by=clerk)


def test_a_month_closes_when_its_days_have_vouchers(month) -> None:
    account, clerk, period = month
    with pytest.raises(Problem) as caught:
        close_month(unit=account.unit, period=period, by=clerk)
    assert caught.value.code == "days_open"
    assert ClosedDay.objects.count() == 0
    close_days(account, clerk, period)
    closed = close_month(unit=account.unit, period=period, by=clerk)
    assert close_month(unit=account.unit, period=period, by=clerk) == closed
    assert ClosedDay.objects.count() == last_day(period).day
    kept = {row.ledger_account_id: (row.debit_fen, row.credit_fen) for row in closed.balances.all()}
    assert kept == {chart.CLEARING: (3_500, 0), chart.ADVANCE: (0, 3_500)}
    with pytest.raises(Problem) as caught:
        pay(account, 100, clerk, None, tender=2, business_on=first_day(period) + dt.timedelta(days=9))
    assert caught.value.code == "day_closed"
    with pytest.raises(Problem) as caught:
        close_month(unit=account.unit, period=period_of(local_today()), by=clerk)
    assert caught.value.code == "not_over"


def test_reopened_by_two_its_last_day_takes_corrections(month) -> None:
    account, clerk, period = month
    last = last_day(period)
    pay(account, 700, clerk, None, tender=2, business_on=last)
    close_days(account, clerk, period)
    make_voucher(unit=account.unit, business_on=last, by=clerk)
    closed = close_month(unit=account.unit, period=period, by=clerk)
    with pytest.raises(ApprovalFiled):
        reopen_month(month=closed, reason="漏记一笔", by=clerk)
    assert ClosedMonth.objects.get().state == "closed"
    approve(approval=Approval.objects.get(), by=make_user("gas.ledger.reopen_month"))
    assert ClosedMonth.objects.get().state == "reopened"
    assert ClosedDay.objects.count() == last.day - 1
    take_payment(account=account, amount_fen=300, tender=2, serial="late", channel="office", business_on=last, by=clerk)
    assert differences("closed") == []
    with pytest.raises(Problem) as caught:
        close_month(unit=account.unit, period=period, by=clerk)
    assert caught.value.code == "days_open"
    part = make_voucher(unit=account.unit, business_on=last, by=clerk)
    assert (part.part, part.postings, part.amount_fen) == (2, 1, 300)
    assert [(line.debit_fen, line.credit_fen) for line in part.lines.all()] == [(300, 0), (0, 300)]
    assert make_voucher(unit=account.unit, business_on=last, by=clerk) == part
    again = close_month(unit=account.unit, period=period, by=clerk)
    assert again.balances.get(ledger_account=chart.ADVANCE).credit_fen == 4_500
    assert differences("closed") == []


def test_the_newest_closed_month_is_opened_first(month) -> None:
    account, clerk, period = month
    close_days(account, clerk, period)
    before = close_month(unit=account.unit, period=add_months(period, -1), by=clerk)
    close_month(unit=account.unit, period=period, by=clerk)
    approvable = {"month": before, "reason": "x", "by": clerk}
    with pytest.raises(ApprovalFiled):
        reopen_month(**approvable)
    with pytest.raises(Problem) as caught:
        approve(approval=Approval.objects.get(), by=make_user("gas.ledger.reopen_month"))
    assert caught.value.code == "later_closed"


def test_the_trial_balance_opens_down_to_days(month) -> None:
    account, clerk, period = month
    pay(account, 50, clerk, None, tender=4, business_on=local_today())
    first, last = first_day(period), last_day(period)
    rows = {row.code: row for row in trial_balance([account.unit_id], last, local_today())}
    assert (rows[chart.CLEARING].opening_fen, rows[chart.BANK].debit_fen) == (3_500, 50)
    assert sum(row.closing_fen for row in rows.values()) == 0
    assert all(row.closing_fen == 0 for row in trial_balance([], first, last))
    opening, days = ledger_sheet(chart.CLEARING, [account.unit_id], first + dt.timedelta(days=1), last)
    assert opening == 1_000
    assert [(day.debit_fen, day.credit_fen, day.postings, day.balance_fen) for day in days] == [(2_500, 0, 1, 3_500)]


def test_a_statement_begins_with_what_was_brought_forward(month) -> None:
    account, _clerk, period = month
    first = first_day(period)
    rows = account_statement(account.pk, from_on=first + dt.timedelta(days=1), until_on=last_day(period))
    assert [(row.paid_fen, row.balance_fen) for row in rows] == [(0, -1_000), (2_500, -3_500)]
    assert [row.balance_fen for row in account_statement(account.pk, until_on=first)] == [-1_000]


def test_vouchers_leave_in_the_columns_of_finance_systems(month) -> None:
    account, clerk, period = month
    close_days(account, clerk, period)
    save_ledger_account(
        account=LedgerAccount.objects.get(pk=chart.CLEARING), finance_code="1012.02",
        by=make_user("gas.ledger.save_ledger_account"),
    )  # fmt: skip
    vouchers = list(Voucher.objects.order_by("number"))
    text = export_papers.export("yonyou-u8", vouchers)[0].decode("gb18030").split("\r\n")
    assert text[0] == "填制凭证,V800"
    day, number = vouchers[0].business_on.isoformat(), int(vouchers[0].number[5:])
    assert text[1].startswith(f"{day},记,{number},0,")
    assert text[1].split(",")[5:8] == ["1012.02", "10.00", "0.00"]
    assert text[2].split(",")[5:8] == [str(chart.ADVANCE), "0.00", "10.00"]
    for name in export_papers.layouts():
        content, _kind, ending = export_papers.export(name, vouchers)
        assert content[:2] == b"PK" if ending == "xlsx" else content
    lines = list(export_papers.entries(vouchers))
    assert sum(one["debit"] for one in lines) == sum(one["credit"] for one in lines) == 3_500
    assert [one["serial"] for one in lines] == [1, 2, 3, 4]
    with pytest.raises(Problem):
        export_papers.export("nobody-knows", vouchers)
