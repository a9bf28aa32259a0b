"""Payments by the list: a wallet's daily file, a take-over, a demonstration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, write_last
from mainstay.gas.payments import posting
from mainstay.gas.payments.batch import Book, Desk
from mainstay.gas.payments.rules import NewPayment
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User


@action(
    "gas.payments.take_payments",
    title=_("Take a list of payments"),
    amount=lambda payments, **_facts: sum(one.amount_fen for one in payments),
    subject=lambda payments, **_facts: f"payments:{payments[0].channel}:{payments[0].business_on}" if payments else "",
)
def take_payments(*, payments: Sequence[NewPayment], by: User) -> int:
    """Take payments of one channel and business date, oldest bills first; returns how many are new.

    All or nothing; a serial that was posted before is counted as there already. Raises Problem (nothing booked) when
    the list mixes desks, an amount is not positive, a day is closed or a serial stands for another payment.
    """
    if not payments:
        return 0
    first = payments[0]
    if any((one.channel, one.business_on) != (first.channel, first.business_on) or one.shift_id for one in payments):
        raise Problem(
            _("A list of payments is of one channel and one business date. Nothing was booked."), code="mixed"
        )
    if any(one.amount_fen <= 0 for one in payments):
        raise Problem(_("The amount must be above zero. Nothing was booked."), field="amount", code="not_positive")
    book = Book(Desk(first.channel, first.business_on), by_id=by.pk, at=timezone.now())
    posted = posting.post_payments(book, payments, write_last)
    new = sum(not one.repeated for one in posted)
    note_change(after={"payments": len(payments), "new": new, "amount_fen": sum(one.amount_fen for one in payments)})
    return new
