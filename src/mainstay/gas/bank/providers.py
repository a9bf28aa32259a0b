"""What the bank line answers when other parts ask."""

from __future__ import annotations

from mainstay.core.events.providers import provide
from mainstay.gas.bank.models import Bank


@provide("units_with_postings")
def units_with_banks() -> list[int]:
    """Branches that a bank settles with: its settlements and differences are posted to them."""
    return list(Bank.objects.order_by().values_list("unit", flat=True).distinct())
