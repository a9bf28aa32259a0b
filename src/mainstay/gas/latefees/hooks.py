"""What the counter asks before it takes a payment: post what the customer's late bills owe by today."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from mainstay.gas.customers.models import Account
from mainstay.gas.latefees.actions import charge_account
from mainstay.gas.latefees.queries import fees_of

if TYPE_CHECKING:
    from mainstay.core.access.models import User


def charge_late_fees(account: Account, business_on: dt.date, by: User) -> list[tuple[int, int, int]]:
    """Charge them; (period, bill's seq, fee's seq) of what was posted. Part of the payment's own transaction.

    Called for who can owe one (`queries.may_owe`); who does not costs one reckoning.
    """
    if not any(one.new_fen for one in fees_of(account, business_on)):
        return []
    return charge_account(account=account, business_on=business_on, by=by)
