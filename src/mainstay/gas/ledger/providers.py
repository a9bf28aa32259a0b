"""What the ledger tells the apps on its left: which branches have closed a business day."""

from __future__ import annotations

import datetime as dt

from mainstay.core.events.providers import provide
from mainstay.gas.ledger.models import ClosedDay, Posting


@provide("closed_units")
def closed_units(*, business_on: dt.date) -> list[int]:
    """Branches whose business day takes no more postings."""
    return list(ClosedDay.objects.filter(business_on=business_on).values_list("unit", flat=True))


@provide("sealed_tables")
def sealed_tables() -> list[str]:
    """Tables whose rows never change, by which a restored copy is compared."""
    return [Posting._meta.db_table]
