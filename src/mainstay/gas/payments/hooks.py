"""What billing and ledger ask of payments, without knowing it: settle new bills, name open shifts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from mainstay.core.events.providers import provide
from mainstay.gas.billing.hooks import Cursor
from mainstay.gas.billing.models import BillingRun
from mainstay.gas.ledger.providers import closed_units
from mainstay.gas.payments import batch, batch_settle
from mainstay.gas.payments.actions.money import settle_set
from mainstay.gas.payments.models import Shift, Till
from mainstay.kit.dates import local_today
from mainstay.kit.sqlkit import lock_many

MANY = 20  # accounts from which on settling them by sets is faster than one after the other


def settle_single_bills(cursor: Cursor, table: str) -> None:
    """Settle accounts whose new bills can be collected at once: single bills, and corrections of released runs.

    Bills of a run that is not released wait for `settle_released`.
    """
    cursor.execute(
        f"SELECT DISTINCT t.account_id, t.business_on FROM {table} t "  # noqa: S608  # a table name from the engine
        "LEFT JOIN billing_billingrun r ON r.id = t.run_id WHERE t.run_id IS NULL OR r.state = 'released'"
    )
    by_day: dict[Any, list[int]] = {}
    for account_id, business_on in cursor.fetchall():
        by_day.setdefault(business_on, []).append(account_id)
    for business_on, account_ids in by_day.items():
        day = dt.date.fromisoformat(business_on) if isinstance(business_on, str) else business_on
        left = account_ids
        if len(account_ids) >= MANY and not closed_units(business_on=day):
            lock_many("account", account_ids)
            left = batch_settle.settle_by_sets(cursor, account_ids, day)[1]
        settle_set(batch.with_money(left), business_on=day, by_id=0)


def settle_released(run: BillingRun) -> None:
    """Use advances and credits for the bills of a run just released.

    A few hundred accounts a transaction; called again after a crash it settles what is left. Reads only accounts with
    an advance or a credit, so its cost does not follow the size of the run.
    """
    # Where the run's own day is closed by now, it happens today.
    business_on = local_today() if closed_units(business_on=run.business_on) else run.business_on
    settle_set(batch.with_money_in_run(run.pk), business_on=business_on, by_id=0)


@provide("open_shifts")
def open_shifts(*, unit_id: int, business_on: dt.date) -> list[str]:
    """Tills of a branch with a shift of that day that is not closed: the day cannot be closed before."""
    rows = Shift.objects.filter(till__unit=unit_id, business_on=business_on, state=Shift.State.OPEN)
    return list(rows.values_list("till__code", flat=True))


@provide("units_with_postings")
def units_with_tills() -> list[int]:
    """Branches with a till: what is paid there and the differences of its shifts are posted to them."""
    return list(Till.objects.order_by().values_list("unit", flat=True).distinct())


@provide("open_shifts_until")
def open_shifts_until(*, unit_id: int, business_on: dt.date) -> list[str]:
    """Tills of a branch with a shift of that day or before that is not closed: the month cannot be closed before."""
    rows = Shift.objects.filter(till__unit=unit_id, business_on__lte=business_on, state=Shift.State.OPEN)
    return list(rows.values_list("till__code", flat=True))
