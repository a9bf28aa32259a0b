"""Which accounts are billed for a period: readings asks before it lets anybody change one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from mainstay.core.events.providers import provide
from mainstay.gas.billing.chain import BASE_KINDS
from mainstay.gas.billing.models import Bill
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
