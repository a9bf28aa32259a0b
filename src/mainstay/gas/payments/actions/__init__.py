"""Every write of this app: `money` (payments, reversals, refunds), `many` (lists of payments), `shifts` (and tills)."""

from mainstay.gas.payments.actions.many import take_payments
from mainstay.gas.payments.actions.money import (
    COUNTER,
    open_shift_of,
    refund_advance,
    reverse_payment,
    settle_advances,
    settle_set,
    take_payment,
)
from mainstay.gas.payments.actions.moves import move_advance, refund_deposit, take_deposit, use_deposit
from mainstay.gas.payments.actions.shifts import accept_shift, close_shift, open_shift, save_till

__all__ = [
    "COUNTER",
    "accept_shift",
    "close_shift",
    "move_advance",
    "open_shift",
    "open_shift_of",
    "refund_advance",
    "refund_deposit",
    "reverse_payment",
    "save_till",
    "settle_advances",
    "settle_set",
    "take_deposit",
    "take_payment",
    "take_payments",
    "use_deposit",
]
