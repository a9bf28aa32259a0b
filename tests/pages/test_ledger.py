"""The pages of the finance section."""

from __future__ import annotations

import datetime as dt
from typing import Any

from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account
from mainstay.gas.ledger.actions import make_voucher
from mainstay.gas.ledger.models import ClosedMonth, Voucher
from mainstay.gas.ledger.month_actions import close_month
from mainstay.gas.ledger.queries import VIEW_LEDGER, VIEW_STATEMENT
from mainstay.kit.dates import add_months, local_today, period_of
from tests.gas.make import make_account, make_user
from tests.gas.payments.make import make_clerk, pay
from tests.pages.battery import Page, Rows, battery

CODE = {"code": 1012}


def voucher(unit: Unit) -> dict[str, Any]:
    day = local_today() - dt.timedelta(days=Voucher.objects.filter(unit=unit).count())
    pay(make_account(unit=unit), 1_000, make_clerk(), None, tender=2, business_on=day)
    return {"pk": make_voucher(unit=unit, business_on=day, by=make_user("gas.ledger.make_voucher")).pk}


def month(unit: Unit) -> dict[str, Any]:
    period = add_months(period_of(local_today()), -1 - ClosedMonth.objects.filter(unit=unit).count())
    return {"pk": close_month(unit=unit, period=period, by=make_user("gas.ledger.close_month")).pk}


def statement(unit: Unit) -> dict[str, Any]:
    account = make_account(unit=unit)
    pay(account, 1_000, make_clerk(), None, tender=2)
    return {"account": account.pk}


def of_customer(unit: Unit) -> dict[str, Any]:
    account = make_account(unit=unit)
    Account.objects.filter(pk=make_account(unit=unit).pk).update(customer=account.customer)
    return {"customer": account.customer_id}


def posted(unit: Unit) -> dict[str, Any]:
    pay(make_account(unit=unit), 1_000, make_clerk(), None, tender=2)
    return {**CODE, "day": local_today().isoformat()}


TestLedger = battery(
    Page("ledger:voucher_detail", VIEW_LEDGER, voucher),
    Page("ledger:trial_balance", VIEW_LEDGER, by_unit=False),
    Page("ledger:chart", VIEW_LEDGER, by_unit=False, extra=("gas.ledger.save_ledger_account",)),
    Page("ledger:chart_change", "gas.ledger.save_ledger_account", lambda unit: CODE, by_unit=False),
    Page("ledger:sheet", VIEW_LEDGER, lambda unit: posted(unit) and CODE, by_unit=False),
    Page("ledger:posting_list", VIEW_LEDGER, posted, by_unit=False),
    Page("ledger:month_list", VIEW_LEDGER, Rows(month), extra=("gas.ledger.close_month",)),
    Page("ledger:month_detail", VIEW_LEDGER, month, extra=("gas.ledger.reopen_month",)),
    Page("ledger:month_close", "gas.ledger.close_month", by_unit=False),
    Page("ledger:month_reopen", "gas.ledger.reopen_month", month),
    Page("ledger:deposits", VIEW_LEDGER, by_unit=False),
    Page("payments:statement", VIEW_STATEMENT, statement),
    Page("payments:customer_statement", VIEW_STATEMENT, of_customer),
)
