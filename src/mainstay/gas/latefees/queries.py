"""Reads of late fees."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from mainstay.core.access.models import User
from mainstay.core.door import rights
from mainstay.gas.billing.models import Bill
from mainstay.gas.customers.models import Account
from mainstay.gas.latefees import batch
from mainstay.gas.latefees.actions import VIEW
from mainstay.gas.latefees.models import LateFeeRun


def fees_of(account: Account, on: dt.date) -> list[batch.Reckoned]:
    """The late fees of an account's bills as they stand on a day, oldest bill first. One query."""
    return batch.reckon(batch.Scope(on, on, account.pk, account.pk))


def charged(account: Account) -> list[Bill]:
    """Late fees and waivers of an account, newest first."""
    kinds = [Bill.Kind.LATE_FEE, Bill.Kind.WAIVER]
    rows = Bill.objects.filter(account=account, kind__in=kinds).exclude(kind=Bill.Kind.REGULAR)
    return list(rows.order_by("-issued_on", "-period", "-seq"))


def runs_visible_to(user: User) -> QuerySet[LateFeeRun]:
    """Runs of the branches the user may see."""
    ids = rights.unit_ids(user, VIEW)
    rows = LateFeeRun.objects.select_related("unit", "by__person")
    return rows if ids is None else rows.filter(unit__in=ids)
