"""Two years of a company: months of readings, billing runs and payments, through the product's own actions."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from threading import Event

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.bench.data import build
from mainstay.core.access.batch import system_user
from mainstay.core.access.models import User
from mainstay.core.door import action, note_change
from mainstay.core.jobs.worker import work
from mainstay.core.organisation.models import Unit
from mainstay.gas.billing.actions.runs import plan_run, release_run, start_run
from mainstay.gas.billing.models import BillingRun, OpenItem
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import Installation
from mainstay.gas.payments.actions import take_payments
from mainstay.gas.payments.models import Payment
from mainstay.gas.payments.rules import NewPayment
from mainstay.gas.readings.batch import NewReading, record_readings
from mainstay.gas.readings.models import Book, Reading
from mainstay.gas.tariffs.models import Plan
from mainstay.kit.dates import add_months, first_day

READ_DAY = 25
PAY_AT_ONCE = 500
BRANCHES = {"HT-CD": "reader", "HT-CX": "reader2"}
# Share of a year's gas used in each month: cooking all year, heating from November to March.
SEASON = (150, 140, 115, 90, 80, 70, 65, 65, 70, 85, 125, 145)


def open_accounts(accounts: int, first_period: int) -> int:
    """Make the accounts, read for the first time before `first_period`; returns how many there are."""
    if Account.objects.exists():
        return Account.objects.count()
    branches = [Unit.objects.get(code=code) for code in BRANCHES]
    plans = {
        "residential": Plan.objects.get(code="Beijing/residential").pk,
        "institution": Plan.objects.get(code="Beijing/institution").pk,
        "commercial": Plan.objects.get(code="Guangzhou/non-residential").pk,
        "industrial": Plan.objects.get(code="Guangzhou/non-residential").pk,
    }
    with transaction.atomic():
        build(
            accounts,
            books_of=max(1, min(100, accounts // 4)),
            period=first_period,
            readings=False,
            branches=branches,
            plans=plans,
        )
        for unit in branches:
            reader = User.objects.get(username=BRANCHES[unit.code])
            Book.objects.filter(unit=unit).update(reader=reader)
    return accounts


def months(first: int, now: int) -> list[int]:
    """The periods from `first` up to, not including, `now`."""
    found, period = [], first
    while period < now:
        found.append(period)
        period = add_months(period, 1)
    return found


def live_through(period: int) -> int:
    """Read, bill and collect one past month unless that was done; returns the number of its bills."""
    run = BillingRun.objects.filter(period=period, state=BillingRun.State.RELEASED).first()
    if run is None:
        on = first_day(period) + timedelta(days=READ_DAY - 1)
        by = system_user()
        read_past_month(period=period, on=on, by=by)
        run = bill_month(period, on, by)
        pay_month(period, run, by)
    return run.bills


@action("demo.readings.read_past_month", title=_("Demonstration: readings of a past month"))
def read_past_month(*, period: int, on: date, by: User) -> int:
    """Record a past month's usual readings and accept the doubtful ones, as a clerk did then; returns their number."""
    found = record_readings(usual_readings(period, on), period=period, by=by, source=Reading.Source.READER, today=on)
    doubtful = Reading.objects.filter(period=period, state=Reading.State.QUESTIONED)
    doubtful.update(state=Reading.State.ACCEPTED, decided_by=by, decided_at=timezone.now())
    note_change(after={"period": period, "new": found.new})
    return found.new


def usual_readings(period: int, on: date, share: float = 1.0) -> list[NewReading]:
    """A month's readings of the installed meters: last index and what the household usually burns in this season."""
    dice = random.Random(period)  # noqa: S311  # plausible numbers, no secrets
    season = SEASON[period % 100 - 1]
    found = []
    for installation_id, account_no, category, index_l in _last_indexes():
        usual = 8 + int(account_no) * 7919 % 23 if category == "residential" else 150 + int(account_no) * 613 % 900
        volume = max(0, round(usual * season / 100 * dice.uniform(0.8, 1.2) * share))
        found.append(NewReading(installation_id=installation_id, index_l=index_l + volume * 1000, taken_on=on))
    return found


def _last_indexes() -> Iterator[tuple[int, str, str, int]]:
    """Installation, account number, category and the last accepted index (litres) of every meter that hangs."""
    last = {
        row[0]: row[1]
        for row in Reading.objects.filter(state=Reading.State.ACCEPTED)
        .order_by("installation_id", "period", "seq")
        .values_list("installation_id", "index_l")
        .iterator()
    }
    installed = Installation.objects.filter(until_on=None).values_list(
        "pk", "account__account_no", "account__category", "first_index_l"
    )
    for pk, account_no, category, first_index_l in installed:
        yield pk, account_no, category, last.get(pk, first_index_l)


def bill_month(period: int, on: date, by: User) -> BillingRun:
    """Plan, compute and release the run of a whole company's month."""
    company = Unit.objects.get(code="HT")
    run = BillingRun.objects.filter(period=period, unit=company).exclude(state=BillingRun.State.ABANDONED).first()
    if run is None:
        run = plan_run(period=period, unit=company, issued_on=on, due_on=on + timedelta(days=20), business_on=on, by=by)
    if run.state == BillingRun.State.PLANNED:
        start_run(run=run, workers=1, by=by)
    do_waiting_jobs()
    run.refresh_from_db()
    run = release_run(run=run, by=by)
    do_waiting_jobs()
    return run


def do_waiting_jobs() -> None:
    """Be the worker until nothing waits: compute runs, settle advances after a release."""
    work(stop=Event(), once=True)


def pay_month(period: int, run: BillingRun, by: User) -> None:
    """Let most customers pay the month's bill within two weeks, a few late ones catch up, and some pay round sums."""
    dice = random.Random(period + 1)  # noqa: S311
    on = run.issued_on + timedelta(days=6)
    owed: dict[int, int] = {}
    for account_id, open_fen in OpenItem.objects.values_list("account_id", "open_fen"):
        owed[account_id] = owed.get(account_id, 0) + open_fen
    payments = []
    for account_id, open_fen in owed.items():
        luck = dice.random()
        if open_fen <= 0 or luck > 0.94:  # noqa: PLR2004  # six in a hundred wait for next month
            continue
        amount = -(-open_fen // 10_000) * 10_000 if luck < 0.05 else open_fen  # noqa: PLR2004  # round hundreds
        payments.append(
            NewPayment(
                account_id=account_id,
                amount_fen=amount,
                tender=int(Payment.Tender.QR),
                channel="wallet",
                serial=f"{period}-{account_id}",
                business_on=on,
            )
        )
    for first in range(0, len(payments), PAY_AT_ONCE):
        take_payments(payments=payments[first : first + PAY_AT_ONCE], by=by)
