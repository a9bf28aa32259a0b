"""A cheque inside the acts that take, clear, bounce or hand it back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.gas.payments.counter_rules import CHEQUE_DAYS, NewCheque, cheque_fault
from mainstay.gas.payments.models import Cheque, Payment
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User

FAULTS: dict[str, tuple[str, Any]] = {
    "number": ("cheque_number", _("A cheque number has 8, 12 or 16 digits. Nothing was booked.")),
    "bank": ("cheque_bank", _("Write the bank of the cheque. Nothing was booked.")),
    "drawer": ("cheque_drawer", _("Write who drew the cheque. Nothing was booked.")),
    "future": ("cheque_date", _("This cheque is dated ahead; the bank does not pay it. Nothing was booked.")),
    "late": (
        "cheque_date",
        _("This cheque is older than %(days)s days; the bank does not pay it. Nothing was booked."),
    ),
}


def checked(cheque: NewCheque | None) -> NewCheque:
    """The cheque, unless no bank would pay it or it was taken already: Problem names the field then."""
    if cheque is None:
        raise Problem(_("A cheque needs its number, bank, drawer and date. Nothing was booked."), code="no_cheque")
    fault = cheque_fault(cheque, local_today())
    if fault:
        field, text = FAULTS[fault]
        raise Problem(text % {"days": CHEQUE_DAYS} if fault == "late" else text, field=field, code=f"cheque_{fault}")
    live = Cheque.objects.filter(bank=cheque.bank, number=cheque.number, state__in=["waiting", "cleared"])
    if live.exists():
        text = _("This cheque was taken already. Nothing was booked; look at the list of cheques.")
        raise Problem(text, field="cheque_number", code="cheque_known")
    return cheque


def keep_cheque(cheque: NewCheque, payment: Payment) -> Cheque:
    """Write the cheque of a payment just booked (inside its act)."""
    return Cheque.objects.create(
        account_id=payment.account_id, payment_no=payment.payment_no, number=cheque.number, bank=cheque.bank,
        drawer=cheque.drawer, drawn_on=cheque.drawn_on, amount_fen=payment.amount_fen, unit_id=payment.unit_id,
    )  # fmt: skip


def give_back(payment: Payment, by: User) -> int:
    """How money paid by cheque goes back: the cheque itself while it waits, by transfer once the bank has paid it."""
    cheque = Cheque.objects.filter(account_id=payment.account_id, payment_no=payment.payment_no).first()
    if cheque is None:
        return payment.tender
    cheque = locked(cheque)
    if cheque.state == Cheque.State.CLEARED:
        return int(Payment.Tender.TRANSFER)
    if cheque.state == Cheque.State.WAITING:
        decide(cheque, Cheque.State.RETURNED, local_today(), by)
    return payment.tender


def decide(cheque: Cheque, state: str, day: dt.date, by: User, note: str = "") -> None:
    cheque.state, cheque.decided_on, cheque.decided_by, cheque.note = state, day, by, note.strip()[:200]
    cheque.save(update_fields=["state", "decided_on", "decided_by", "note"])


def locked(cheque: Cheque) -> Cheque:
    """The cheque as it is now, kept from other decisions until the transaction ends."""
    lock("payments.cheque", cheque.pk)
    return Cheque.objects.get(pk=cheque.pk)
