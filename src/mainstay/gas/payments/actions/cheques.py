"""Cheques after they were taken: the bank pays them, or they bounce and the bills reopen."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.gas.ledger import rules as ledger
from mainstay.gas.ledger.models import ClosedDay, Posting
from mainstay.gas.payments.actions.cheque_facts import decide, locked
from mainstay.gas.payments.actions.money import book_reversal
from mainstay.gas.payments.batch import DAY_LOCK, Desk
from mainstay.gas.payments.models import Cheque, Payment
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User


@action("gas.payments.clear_cheque", title=_("Cheque paid by the bank"), unit=lambda cheque, **_: cheque.unit_id)
def clear_cheque(*, cheque: Cheque, cleared_on: dt.date | None = None, by: User) -> Cheque:
    """Record that the bank has paid a cheque: its amount moves to the bank account. Doing it again changes nothing.

    Raises Problem (nothing booked): it bounced or was handed back, the day is closed or still to come.
    """
    day = cleared_on or local_today()
    if day > local_today():
        raise Problem(_("This day is still to come."), field="cleared_on", code="future")
    lock(DAY_LOCK, day.toordinal())
    cheque = locked(cheque)
    if cheque.state == Cheque.State.CLEARED:
        return cheque
    _refuse_decided(cheque)
    if ClosedDay.objects.filter(unit=cheque.unit_id, business_on=day).exists():
        text = _("The business day %(day)s is closed for this branch. Nothing was booked; use the next day.")
        raise Problem(text % {"day": day}, field="cleared_on", code="day_closed")
    Posting.objects.bulk_create(
        Posting(
            account_id=cheque.account_id, document=Posting.Document.CHEQUE, document_no=cheque.payment_no,
            line=line.line, business_on=day, unit_id=cheque.unit_id, debit_id=line.debit, credit_id=line.credit,
            amount_fen=line.amount_fen,
        )
        for line in ledger.cheque_lines(cheque.amount_fen)
    )  # fmt: skip
    decide(cheque, Cheque.State.CLEARED, day, by)
    note_change(after={"cheque": cheque.number, "amount_fen": cheque.amount_fen, "cleared_on": day.isoformat()})
    return cheque


@action("gas.payments.bounce_cheque", title=_("Cheque bounced"), unit=lambda cheque, **_: cheque.unit_id)
def bounce_cheque(*, cheque: Cheque, reason: str, by: User) -> Payment:
    """Record that the bank refused a cheque: its payment is reversed and the bills it paid are open again.

    Doing it again returns the first reversal. Raises Problem (nothing booked): no reason, the bank has paid it, the
    day is closed.
    """
    if not reason.strip():
        raise Problem(_("Say why the bank refused the cheque."), field="reason", code="no_reason")
    cheque = locked(cheque)
    payment = Payment.objects.select_related("account").get(account_id=cheque.account_id, payment_no=cheque.payment_no)
    if cheque.state != Cheque.State.BOUNCED:
        _refuse_decided(cheque)
    day = local_today()
    words = f"{_('cheque bounced')}: {reason.strip()}"
    reversal = book_reversal(payment, Desk("office", day), words[:200], by)
    if cheque.state != Cheque.State.BOUNCED:
        decide(cheque, Cheque.State.BOUNCED, day, by, reason)
    note_change(after={"cheque": cheque.number, "amount_fen": -cheque.amount_fen}, reason=reason)
    return reversal


def _refuse_decided(cheque: Cheque) -> None:
    if cheque.state != Cheque.State.WAITING:
        text = _("This cheque is “%(state)s” already; nothing was changed.")
        raise Problem(text % {"state": cheque.get_state_display()}, code="cheque_decided")
