"""The company of `bench pages`: accounts, a released billing run, payments, an audit log, and who looks at them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from mainstay.bench import data
from mainstay.bench.billing import _work, completed, planned, together
from mainstay.core.access.models import Grant, Role, RoleRight, User
from mainstay.core.door import catalogue
from mainstay.core.organisation.models import Person, Unit
from mainstay.gas.billing.batch import work_run
from mainstay.gas.billing.models import BillingRun
from mainstay.gas.payments.models import Shift, Till
from mainstay.kit.dates import local_today
from mainstay.kit.sqlkit import copy_rows, refresh_statistics

PERIOD = 202610
QUESTIONED_EVERY = 400
DAYS = 20
STEP = dt.timedelta(milliseconds=700)  # between two payments of a day
WRITTEN = (
    "readings_reading", "billing_bill", "billing_chargeline", "billing_openitem", "ledger_posting", "payments_payment",
    "payments_allocation", "payments_shift", "audit_entry",
)  # fmt: skip


def build(accounts: int, *, bills: bool) -> data.Built:
    """Build the company; with bills also a released run over all of it, payments of half the accounts, their log."""
    built = data.build(accounts, period=PERIOD)
    if not bills:
        return built
    with connection.cursor() as cursor:
        cursor.execute("UPDATE readings_reading SET state = 2 WHERE account_id %% %s = 1", [QUESTIONED_EVERY])
    run = planned(PERIOD)
    if connection.vendor == "postgresql":
        together(2, _work, run.pk)
    else:
        work_run(run)
    completed(run)
    BillingRun.objects.filter(pk=run.pk).update(state=BillingRun.State.RELEASED, released_at=timezone.now())
    clerk = User.objects.create(username="bench_clerk", kind=User.Kind.SYSTEM)
    with transaction.atomic(), connection.cursor() as cursor:
        shifts = {unit.pk: _shift(unit, clerk) for unit in Unit.objects.filter(kind="branch")}
        for days_ago in reversed(range(DAYS)):  # oldest first, as payments come in
            _pay(cursor, days_ago, shifts, clerk.pk)
        for statement in (_ALLOCATIONS, _POSTINGS, _PAID):
            cursor.execute(statement)
    refresh_statistics(*WRITTEN)
    return built


def _shift(unit: Unit, clerk: User) -> int:
    """A closed shift of today at a branch's only till."""
    till = Till.objects.create(code=f"P{unit.pk}", unit=unit, name_zh="一号窗口")
    shift = Shift.objects.create(
        till=till, clerk=clerk, business_on=local_today(), state=Shift.State.CLOSED, opened_at=timezone.now(),
        counted_fen=0, expected_fen=0, closed_at=timezone.now(),
    )  # fmt: skip
    return int(shift.pk)


def _pay(cursor: Any, days_ago: int, shifts: dict[int, int], clerk_id: int) -> None:
    """A day's payments, from all branches in turn; one in a hundred through a shift; and their log."""
    day = local_today() - dt.timedelta(days=days_ago)
    morning = timezone.now().replace(hour=1, minute=0) - dt.timedelta(days=days_ago)
    cursor.execute(_PAYERS, [DAYS * 2, days_ago * 2])
    payers = [(*row, morning + STEP * number) for number, row in enumerate(cursor.fetchall())]
    payments = (
        (
            account_id, 1, 1, "counter", account_no, day, fen, 1, None, 0, unit_id,
            None if account_id % 100 else shifts[unit_id], "", None, "", clerk_id, at,
        )
        for account_id, account_no, unit_id, fen, at in payers
    )  # fmt: skip
    copy_rows(cursor, "payments_payment", _PAYMENT, payments)
    log = (
        (
            at, "gas.payments.take_payment", "done" if account_id % 1_000 else "refused", clerk_id, None, unit_id, fen,
            f"payments.payment:({account_id}, 1)", "", None, None, "", "",
        )
        for account_id, _number, unit_id, fen, at in payers
    )  # fmt: skip
    copy_rows(cursor, "audit_entry", _ENTRY, log)


_PAYERS = """SELECT a.id, a.account_no, a.unit_id, i.open_fen
  FROM customers_account a JOIN billing_openitem i ON i.account_id = a.id
 WHERE a.id %% %s = %s AND i.open_fen > 0 ORDER BY a.id %% 7919, a.id"""
_PAYMENT = (
    "account_id", "payment_no", "kind", "channel", "serial", "business_on", "amount_fen", "tender", "received_fen",
    "advance_fen", "unit_id", "shift_id", "receipt_no", "refers_no", "reason", "by_id", "at",
)  # fmt: skip
_ENTRY = (
    "at", "action", "outcome", "by_id", "approver_id", "unit_id", "amount_fen", "subject", "reason", "before", "after",
    "request_id", "ip",
)  # fmt: skip
_ALLOCATIONS = """INSERT INTO payments_allocation (account_id, period, seq, no, payment_no, amount_fen, business_on)
SELECT p.account_id, i.period, i.seq, 1, 1, p.amount_fen, p.business_on
  FROM payments_payment p JOIN billing_openitem i ON i.account_id = p.account_id"""
_POSTINGS = """INSERT INTO ledger_posting (account_id, document, document_no, line, business_on, unit_id, till_id,
    debit, credit, amount_fen)
SELECT account_id, 2, 1, 1, business_on, unit_id, NULL, 1001, 1122, amount_fen
  FROM payments_payment"""
_PAID = "DELETE FROM billing_openitem WHERE account_id IN (SELECT account_id FROM payments_payment)"


def people() -> Iterator[tuple[str, User, int | None]]:
    """Yield ("all", user, None) and ("branch", user, the branch's key); the last branch lies furthest in the index."""
    branch = Unit.objects.filter(kind="branch").order_by("-code")[0]
    yield "all", _person("pages_all", branch, "all"), None
    yield "branch", _person("pages_branch", branch, "subtree"), branch.pk


def _person(name: str, unit: Unit, scope: str) -> User:
    """A person with every right there is, in this throw-away database only; a kept one has it with today's rights."""
    user = User.objects.filter(username=name).first()
    role, _made = Role.objects.get_or_create(code=name, defaults={"name_zh": name})
    role.rights.all().delete()
    RoleRight.objects.bulk_create(RoleRight(role=role, right=right, scope=scope) for right in catalogue())
    if user is None:
        person = Person.objects.create(staff_no=name, name=name)
        user = User(username=name, person=person)
        user.set_unusable_password()
    user.password_changed_at = timezone.now()
    user.save()
    Grant.objects.get_or_create(role=role, user=user, unit=unit, from_on=dt.date(2020, 1, 1))
    return user
