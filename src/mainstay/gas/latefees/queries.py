"""Reads of late fees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet

from mainstay.core.access.models import User
from mainstay.core.door import rights
from mainstay.gas.billing.models import Accrual, Bill
from mainstay.gas.customers.models import Account
from mainstay.gas.latefees import batch
from mainstay.gas.latefees.actions import VIEW
from mainstay.gas.latefees.models import LateFeeRun
from mainstay.kit.sqlkit import among
from mainstay.kit.sqlkit.trips import Statement

# A fee comes from a bill that is open past its due date, or was: then money was put on it after that date.
_MAY_OWE = """
SELECT a.id FROM customers_account a WHERE {chosen}
  AND EXISTS (SELECT 1 FROM latefees_latefeerule r WHERE r.category = a.category AND r.daily_ppm > 0)
  AND (EXISTS (SELECT 1 FROM billing_openitem i WHERE i.account_id = a.id AND i.due_on < %s)
    OR EXISTS (SELECT 1 FROM payments_allocation y JOIN billing_bill b
        ON b.account_id = y.account_id AND b.period = y.period AND b.seq = y.seq
        WHERE y.account_id = a.id AND y.business_on > b.due_on))"""


def may_owe(account_ids: Sequence[int], on: dt.date) -> Statement:
    """What finds the accounts that can owe a late fee at all: a cheap look that travels with every payment."""
    chosen, numbers = among("a.id", account_ids)
    return _MAY_OWE.format(chosen=chosen), [*numbers, on]


def fees_of(account: Account, on: dt.date) -> list[batch.Reckoned]:
    """The late fees of an account's bills as they stand on a day, oldest bill first. One query."""
    return batch.reckon(batch.Scope(on, on, account.pk, account.pk))


def charged(account: Account) -> list[Bill]:
    """Late fees and waivers of an account, newest first."""
    kinds = [Bill.Kind.LATE_FEE, Bill.Kind.WAIVER]
    rows = Bill.objects.filter(account=account, kind__in=kinds).exclude(kind=Bill.Kind.REGULAR)
    return list(rows.order_by("-issued_on", "-period", "-seq"))


def accrued(account: Account) -> list[Accrual]:
    """Late fees of an account that a run posted and that have no document yet, oldest bill first."""
    return list(Accrual.objects.filter(account=account).order_by("period", "seq", "run_id"))


def runs_visible_to(user: User) -> QuerySet[LateFeeRun]:
    """Runs of the branches the user may see."""
    ids = rights.unit_ids(user, VIEW)
    rows = LateFeeRun.objects.select_related("unit", "by__person")
    return rows if ids is None else rows.filter(unit__in=ids)
