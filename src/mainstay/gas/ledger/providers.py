"""What the ledger tells the apps on its left: which branches have closed a business day."""

from __future__ import annotations

import datetime as dt

from mainstay.core.events.providers import provide
from mainstay.gas.ledger.models import ClosedDay


@provide("closed_units")
def closed_units(*, business_on: dt.date) -> list[int]:
    """Branches whose business day takes no more postings."""
    return list(ClosedDay.objects.filter(business_on=business_on).values_list("unit", flat=True))
