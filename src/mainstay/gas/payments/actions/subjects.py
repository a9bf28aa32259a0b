"""How the operation log names what this app writes."""

from __future__ import annotations

from mainstay.gas.payments.models import Payment


def subject_of(payment: Payment) -> str:
    """How the operation log names a payment."""
    return f"payments.payment:{(payment.account_id, payment.payment_no)}"
