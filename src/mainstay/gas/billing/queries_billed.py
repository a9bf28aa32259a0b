"""What is billed: readings asks before it lets anybody change one, tariffs before terms or prices change."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from mainstay.core.events.providers import provide
from mainstay.gas.billing.chain import BASE_KINDS
from mainstay.gas.billing.models import Bill, ChargeLine
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import PREPAID_KINDS
from mainstay.gas.readings.models import Reading
from mainstay.kit.sqlkit import ids_table


@provide("billed_accounts")
def billed_accounts(*, account_ids: Sequence[int], period: int) -> list[int]:
    """Those of the accounts that have a bill, not cancelled, for the period or a later one; one statement."""
    wanted, parameters = ids_table("wanted", account_ids)
    kinds = ", ".join(str(int(kind)) for kind in BASE_KINDS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {wanted} SELECT DISTINCT b.account_id FROM wanted w "  # noqa: S608
            f"JOIN billing_bill b ON b.account_id = w.id AND b.period >= %s AND b.kind IN ({kinds}) "
            "WHERE NOT EXISTS (SELECT 1 FROM billing_bill x WHERE x.account_id = b.account_id "
            "AND x.period = b.period AND x.kind = %s AND x.refers_seq = b.seq)",
            [*parameters, period, int(Bill.Kind.REVERSAL)],
        )
        return [int(row[0]) for row in cursor.fetchall()]


@provide("billed_until")
def billed_until(*, account_id: int) -> date | None:
    """The day up to which an account has bills that are not cancelled (exclusive); None without any."""
    rows = list(Bill.objects.filter(account=account_id).values_list("period", "seq", "kind", "refers_seq", "to_on"))
    cancelled = {(period, refers) for period, _seq, kind, refers, _to in rows if kind == Bill.Kind.REVERSAL}
    ends = (to for period, seq, kind, _refers, to in rows if kind in BASE_KINDS and (period, seq) not in cancelled)
    return max(ends, default=None)


def live_bills(account: Account) -> list[Bill]:
    """The bills of an account that hold, oldest period first."""
    bills = list(Bill.objects.filter(account=account).select_related("account").order_by("period", "seq"))
    cancelled = {(one.period, one.refers_seq) for one in bills if one.kind == Bill.Kind.REVERSAL}
    return [one for one in bills if one.kind in BASE_KINDS and (one.period, one.seq) not in cancelled]


def billable_readings(account: Account) -> QuerySet[Reading]:
    """Accepted readings of an account whose volume is billed: those of prepaid meters were paid for before."""
    return billable_readings_of([account.pk])


def billable_readings_of(account_ids: Collection[int]) -> QuerySet[Reading]:
    """The same of many accounts."""
    rows = Reading.objects.filter(account__in=account_ids, state=Reading.State.ACCEPTED)
    return rows.exclude(installation__meter__kind__in=PREPAID_KINDS)


def unbilled_periods(account: Account) -> list[int]:
    """Periods after the last billed one with an accepted reading, in order: what a final bill has to bill."""
    live = (one.period for one in live_bills(account))
    read = billable_readings(account).filter(period__gt=max(live, default=0))
    return sorted(set(read.values_list("period", flat=True)))


@provide("version_used")
def version_used(*, version_id: int) -> bool:
    """Whether any bill, cancelled or not, names a tariff version.

    No index serves this: it is asked when somebody changes a version in force, which is rare, and bills in use are
    found at once.
    """
    return Bill.objects.filter(version=version_id).exists() or ChargeLine.objects.filter(version=version_id).exists()


@provide("billed_versions")
def billed_versions(*, account_ids: Sequence[int]) -> set[int]:
    """The tariff versions that bills of the accounts name; one statement by their keys."""
    return set(Bill.objects.filter(account__in=account_ids).values_list("version", flat=True).distinct())
