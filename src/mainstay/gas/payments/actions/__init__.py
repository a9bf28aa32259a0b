"""Every write of this app: `money` (payments, reversals, refunds), `many` (lists), `shifts` (and tills), `cheques`,
`receipts` (forms and their books), `sales` (consent in spite of a hazard)."""

from mainstay.gas.payments.actions.cheques import bounce_cheque, clear_cheque
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
from mainstay.gas.payments.actions.receipts import (
    issue_receipt_book,
    print_on_form,
    reprint_on_form,
    return_receipt_book,
    void_form,
    waste_forms,
)
from mainstay.gas.payments.actions.sales import allow_sale
from mainstay.gas.payments.actions.shifts import accept_shift, close_shift, open_shift, save_till

__all__ = [
    "COUNTER",
    "accept_shift",
    "allow_sale",
    "bounce_cheque",
    "clear_cheque",
    "close_shift",
    "issue_receipt_book",
    "move_advance",
    "open_shift",
    "open_shift_of",
    "print_on_form",
    "refund_advance",
    "refund_deposit",
    "reprint_on_form",
    "return_receipt_book",
    "reverse_payment",
    "save_till",
    "settle_advances",
    "settle_set",
    "take_deposit",
    "take_payment",
    "take_payments",
    "use_deposit",
    "void_form",
    "waste_forms",
]
