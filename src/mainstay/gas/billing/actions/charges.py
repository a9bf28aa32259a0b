"""Charges and credits on a bill: adjust, reduce, write off, recover, waive a late fee. Bills never change."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import action, note_change
from mainstay.gas.billing.batch import PlanBook, write_bills
from mainstay.gas.billing.batch_accruals import take_up
from mainstay.gas.billing.chain import BASE_KINDS
from mainstay.gas.billing.charges import Charge, contained_vat, draft_of, net_of
from mainstay.gas.billing.models import Bill
from mainstay.gas.billing.queries import open_of
from mainstay.gas.billing.queries_days import refuse_closed_day
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan
from mainstay.kit.sqlkit import lock

Kind = Bill.Kind
ON_A_BILL = (Kind.CORRECTION, Kind.ADJUSTMENT, Kind.REDUCTION, Kind.WRITE_OFF)


def _subject(*, bill: Bill, **_facts: Any) -> str:
    return f"billing.bill:{bill.account_id}-{bill.period}-{bill.seq}"


def _unit(*, bill: Bill, **_facts: Any) -> int:
    return bill.unit_id


def _given(*, amount_fen: int, **_facts: Any) -> int:
    return amount_fen


def _open(*, bill: Bill, **_facts: Any) -> int:
    return max(open_of(bill), 0)


def _whole(*, bill: Bill, **_facts: Any) -> int:
    return abs(bill.amount_fen)


@action(
    "gas.billing.adjust_bill", title=_("Adjust a bill"), unit=_unit, subject=_subject, amount=_given,
    four_eyes="above_limit",
)  # fmt: skip
def adjust_bill(*, bill: Bill, amount_fen: int, reason: str, by: User, business_on: date | None = None) -> Bill:
    """Charge more (追补) or give back (退减, a negative amount) on a bill, in fen with the VAT of the bill contained.

    What is given back of a paid bill becomes a credit of the account. Raises Problem: no reason, no amount, more given
    back than the bill comes to, bill cancelled, day closed.
    """
    _need_reason(reason)
    if not amount_fen:
        raise Problem(_("Say by how much."), field="amount_fen", code="no_amount")
    on, of_period = _begin(bill, business_on, *BASE_KINDS)
    worth = bill.amount_fen + sum(
        one.amount_fen for one in of_period if one.refers_seq == bill.seq and one.kind in ON_A_BILL
    )
    if amount_fen < 0 and -amount_fen > worth:
        raise _too_much(worth)
    return _charge(bill, of_period, Charge(Kind.ADJUSTMENT, amount_fen, contained_vat(bill, amount_fen), reason, on))


@action(
    "gas.billing.reduce_bill", title=_("Reduce a bill"), unit=_unit, subject=_subject, amount=_given,
    four_eyes="above_limit",
)  # fmt: skip
def reduce_bill(*, bill: Bill, amount_fen: int, reason: str, by: User, business_on: date | None = None) -> Bill:
    """Let a customer off part of what is open of a bill (减免), `amount_fen` > 0.

    Raises Problem: no reason, more than is open, bill cancelled, day closed.
    """
    _need_reason(reason)
    on, of_period = _begin(bill, business_on, *BASE_KINDS)
    _need_within(amount_fen, open_of(bill))
    return _charge(bill, of_period, Charge(Kind.REDUCTION, -amount_fen, -contained_vat(bill, amount_fen), reason, on))


@action(
    "gas.billing.write_off", title=_("Write off a bill"), unit=_unit, subject=_subject, amount=_open,
    four_eyes="above_limit",
)  # fmt: skip
def write_off(*, bill: Bill, reason: str, by: User, business_on: date | None = None) -> Bill:
    """Write off all that is open of a bill, or of a late fee, as bad debt (呆坏账核销); its VAT stays due.

    Raises Problem: no reason, nothing open, bill cancelled, day closed.
    """
    _need_reason(reason)
    on, of_period = _begin(bill, business_on, *BASE_KINDS, Kind.LATE_FEE, Kind.ADJUSTMENT, Kind.CORRECTION)
    amount = open_of(bill)
    _need_within(amount, amount)
    return _charge(bill, of_period, Charge(Kind.WRITE_OFF, -amount, 0, reason, on))


@action(
    "gas.billing.recover_write_off", title=_("Recover a write-off"), unit=_unit, subject=_subject, amount=_whole,
    four_eyes="above_limit",
)  # fmt: skip
def recover_write_off(*, bill: Bill, reason: str, by: User, business_on: date | None = None) -> Bill:
    """Make a written-off amount owed again, because the customer pays after all (收回已核销). `bill`: the write-off.

    Raises Problem: no reason, recovered already, day closed.
    """
    _need_reason(reason)
    on, of_period = _begin(bill, business_on, Kind.WRITE_OFF)
    left = net_of(bill, of_period).amount_fen
    if left >= 0:
        raise Problem(_("This was recovered already."), code="recovered_already")
    return _charge(bill, of_period, Charge(Kind.WRITE_OFF, -left, 0, reason, on))


@action(
    "gas.billing.waive_late_fee", title=_("Waive a late fee"), unit=_unit, subject=_subject, amount=_given,
    four_eyes="above_limit",
)  # fmt: skip
def waive_late_fee(*, bill: Bill, amount_fen: int, reason: str, by: User, business_on: date | None = None) -> Bill:
    """Let a customer off a late fee or part of it (违约金减免), `amount_fen` > 0. `bill`: the late fee.

    What was paid of it becomes a credit. The days waived are not charged again. Raises Problem: no reason, more than
    the fee comes to, not a late fee, day closed.
    """
    _need_reason(reason)
    on, of_period = _begin(bill, business_on, Kind.LATE_FEE)
    _need_within(amount_fen, net_of(bill, of_period).amount_fen)
    return _charge(bill, of_period, Charge(Kind.WAIVER, -amount_fen, -contained_vat(bill, amount_fen), reason, on))


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise Problem(_("Give the reason; it stays with the bill."), field="reason", code="no_reason")


def _need_within(amount_fen: int, most_fen: int) -> None:
    if most_fen <= 0:
        raise Problem(_("Nothing of it is open. Nothing was changed."), code="nothing_open")
    if amount_fen <= 0:
        raise Problem(_("The amount must be above zero."), field="amount_fen", code="not_positive")
    if amount_fen > most_fen:
        raise _too_much(most_fen)


def _too_much(most_fen: int) -> Problem:
    text = _("At most %(most)s yuan can be taken off. Nothing was changed.")
    return Problem(text % {"most": yuan(most_fen)}, field="amount_fen", code="too_much")


def _begin(bill: Bill, business_on: date | None, *kinds: int) -> tuple[date, list[Bill]]:
    """Take the locks; give the business day and the elements of the bill's period. Refuses what is not of `kinds`."""
    on = business_on or timezone.localdate()
    if bill.kind not in kinds:
        raise Problem(_("This cannot be done with a bill of this kind. Open the bill it refers to."), code="wrong_kind")
    refuse_closed_day({bill.unit_id}, on)
    lock("account", bill.account_id)
    take_up([bill.account_id], on)
    rows = Bill.objects.filter(account=bill.account_id, period=bill.period).select_related("version").order_by("seq")
    of_period = list(rows)
    if any(one.kind == Kind.REVERSAL and one.refers_seq == bill.seq for one in of_period):
        raise Problem(_("This bill was cancelled already."), code="cancelled_already")
    return on, of_period


def _charge(bill: Bill, of_period: list[Bill], charge: Charge) -> Bill:
    last = of_period[-1]
    draft = draft_of(bill, charge, last, last.seq + 1)
    write_bills([draft], PlanBook(bill.version.plan_id))
    made = Bill.objects.get(pk=(draft.account_id, draft.period, draft.seq))
    note_change(
        before={"amount_fen": bill.amount_fen}, after={"kind": made.kind, "amount_fen": made.amount_fen},
        reason=charge.reason,
    )  # fmt: skip
    return made
