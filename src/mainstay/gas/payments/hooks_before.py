"""What others charge for a payment that is about to be taken at the counter: late fees, which lie right of payments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mainstay.gas.customers.models import Account
from mainstay.kit.sqlkit.trips import Statement

if TYPE_CHECKING:
    from mainstay.core.access.models import User

Charged = tuple[int, int, int]
"""Period, seq of the bill, seq of what was charged on it."""
BeforePayment = Callable[[Account, dt.date, "User"], list[Charged]]
Look = Callable[[Sequence[int], dt.date], Statement]
_before: list[tuple[BeforePayment, Look]] = []


def before_counter_payment(charge: BeforePayment, look: Look) -> None:
    """Register `charge(account, business_on, by)`, called in the transaction of a counter payment before it is booked.

    It may charge what the payment is to cover as well, and returns that. Asked again it must charge nothing twice.
    `look(account_ids, business_on)` is the statement that gives the ids of those accounts that can have anything to
    charge: it travels with what the payments read themselves, and only for an account it finds is `charge` called. So
    keep it cheap.
    """
    if (charge, look) not in _before:
        _before.append((charge, look))


def looks_before(account_ids: Sequence[int], business_on: dt.date) -> list[Statement]:
    """The statements of those who may charge."""
    return [look(account_ids, business_on) for _charge, look in _before]


def charges_before(
    account: Account, business_on: dt.date, by: User, looked: Sequence[list[tuple[Any, ...]]]
) -> list[Charged]:
    """Let those charge whose look found something, and give what they charged."""
    return [
        one
        for (charge, _look), rows in zip(_before, looked, strict=True)
        if rows
        for one in charge(account, business_on, by)
    ]
