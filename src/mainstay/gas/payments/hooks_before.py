"""What others charge for a payment that is about to be taken at the counter: late fees, which lie right of payments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

from mainstay.gas.customers.models import Account

if TYPE_CHECKING:
    from mainstay.core.access.models import User

Charged = tuple[int, int, int]
"""Period, seq of the bill, seq of what was charged on it."""
BeforePayment = Callable[[Account, dt.date, "User"], list[Charged]]
_before: list[BeforePayment] = []


def before_counter_payment(function: BeforePayment) -> None:
    """Register `function(account, business_on, by)`, called in the transaction of a counter payment before it.

    It may charge what the payment is to cover as well, and returns that. Asked again it must charge nothing twice.
    """
    if function not in _before:
        _before.append(function)


def charges_before(account: Account, business_on: dt.date, by: User) -> list[Charged]:
    """Let others charge, and give what they charged."""
    return [one for function in _before for one in function(account, business_on, by)]
