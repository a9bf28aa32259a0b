"""Every write of this app: `messages` (what comes over a line), `banks` (banks and lines), `days` (reconciliation,
settlements), `withholding`."""

from mainstay.gas.bank.actions.banks import save_bank, save_line
from mainstay.gas.bank.actions.days import reconcile, record_settlement, settle_difference
from mainstay.gas.bank.actions.messages import Answer, cut_day, note_totals, reverse_payment, take_payments
from mainstay.gas.bank.actions.withholding import end_agreement, make_withholding, save_agreement, take_return

__all__ = [
    "Answer",
    "cut_day",
    "end_agreement",
    "make_withholding",
    "note_totals",
    "reconcile",
    "record_settlement",
    "reverse_payment",
    "save_agreement",
    "save_bank",
    "save_line",
    "settle_difference",
    "take_payments",
    "take_return",
]
