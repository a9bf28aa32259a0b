"""Builders for billing tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from mainstay.core.organisation.models import Unit
from mainstay.gas.billing.batch import fill_plan, finish_run, work_run
from mainstay.gas.billing.models import Bill, BillingRun, ChargeLine, OpenItem
from mainstay.gas.customers.models import Account
from mainstay.gas.ledger.models import Posting
from mainstay.gas.readings.models import Book
from mainstay.gas.tariffs.models import Plan, Version
from mainstay.gas.tariffs.rules import version_to_data
from mainstay.gas.tariffs.rules.plan import Ladder
from mainstay.gas.tariffs.rules.plan import Version as VersionRule
from tests.gas.make import make_user

TIERS = VersionRule(date(2020, 1, 1), "N1", ladder=Ladder((30_000, 55_000), ((20_000, 30_000, 40_000),)))
DEAR = VersionRule(date(2020, 1, 1), "N2", ladder=Ladder((30_000, 55_000), ((25_000, 35_000, 45_000),)))


def make_tariff(code: str = "tiers", version: VersionRule = TIERS) -> Plan:
    """A plan with one version: 2 yuan to 30 m³ a year, 3 to 55, 4 above."""
    plan = Plan.objects.create(code=code, name_zh="阶梯", name_en="Tiers", category="residential")
    Version.objects.create(
        plan=plan, effective_on=version.effective_on, notice=version.notice, data=version_to_data(version)
    )
    return plan


def make_run(unit: Unit, period: int, books: list[Book], by: Any = None) -> BillingRun:
    """A planned run."""
    run = BillingRun.objects.create(
        period=period, unit=unit, issued_on=date(2026, 11, 1), due_on=date(2026, 11, 16), business_on=date(2026, 11, 1),
        by=by or make_user(), planned_at=timezone.now(),
    )  # fmt: skip
    fill_plan(run, books)
    return run


def compute(run: BillingRun, state: str = "released") -> BillingRun:
    """Work through a run and finish it; then put it in `state`."""
    run.state = BillingRun.State.RUNNING
    run.save()
    work_run(run)
    assert finish_run(run)
    BillingRun.objects.filter(pk=run.pk).update(state=state)
    run.refresh_from_db()
    return run


def bill_period(account: Account, period: int) -> Bill:
    """Bill the account's book for a period through a run; returns the account's bill."""
    compute(make_run(account.unit, period, [account.book_entry.book]))
    return Bill.objects.get(account=account, period=period)


def owed(account: Account) -> dict[str, int]:
    """What an account owes in four ways that must agree."""
    postings = Posting.objects.filter(account_id=account.pk, document=1)
    debit = postings.filter(debit=1122).aggregate(s=Sum("amount_fen", default=0))["s"]
    credit = postings.filter(credit=1122).aggregate(s=Sum("amount_fen", default=0))["s"]
    return {
        "bills": Bill.objects.filter(account=account).aggregate(s=Sum("amount_fen", default=0))["s"],
        "lines": ChargeLine.objects.filter(account=account).aggregate(s=Sum("amount_fen", default=0))["s"],
        "ledger": debit - credit,
        "open": OpenItem.objects.filter(account=account).aggregate(s=Sum("open_fen", default=0))["s"],
    }
