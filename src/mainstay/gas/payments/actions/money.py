"""Every change of money taken: payments, reversals, refunds, tills and shifts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import Refused, action, note_change, register_right, write_last
from mainstay.core.door.rights import allowed
from mainstay.core.door.together import Made
from mainstay.core.events.providers import answers
from mainstay.gas.customers.models import Account
from mainstay.gas.payments import posting
from mainstay.gas.payments.actions import cheque_facts, sales
from mainstay.gas.payments.actions.subjects import subject_of
from mainstay.gas.payments.batch import Book, Desk, Posted
from mainstay.gas.payments.batch_together import Wanted, load_together
from mainstay.gas.payments.batch_write import statements_of
from mainstay.gas.payments.counter_rules import NewCheque
from mainstay.gas.payments.hooks_before import charges_before, looks_before
from mainstay.gas.payments.models import Allocation, Payment, Shift
from mainstay.gas.payments.rules import Key, NewPayment
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit.trips import Statement

if TYPE_CHECKING:
    from mainstay.core.access.models import User

COUNTER = "counter"
REVERSE_EARLIER = register_right("gas.payments.reverse_earlier_payment", _("Reverse payments of an earlier shift"))
_SETTLE_AT_ONCE = 200
_FIELDS = [field.attname for field in Payment._meta.concrete_fields]


def _asked(
    *,
    account: Account,
    amount_fen: int,
    tender: int,
    serial: str,
    channel: str = COUNTER,
    shift: Shift | None = None,
    business_on: dt.date | None = None,
    chosen: Sequence[Key] = (),
    received_fen: int | None = None,
) -> NewPayment:
    """What is to be booked; Problem where that can be told before anything is read."""
    posting.check_amount(amount_fen, tender, serial, cheques=True)
    if received_fen is not None and received_fen < amount_fen:
        text = _("Less was handed over than is to be paid. Nothing was booked.")
        raise Problem(text, field="received", code="too_little")
    if channel == COUNTER and shift is None:
        raise Problem(_("Your shift is not open. Nothing was booked; open a shift first."), code="no_shift")
    day = shift.business_on if shift else business_on or local_today()
    keys = tuple((period, seq) for period, seq in chosen)
    shift_id = shift.pk if shift else None
    return NewPayment(account.pk, amount_fen, tender, channel, serial, day, shift_id, keys, received_fen)


def _desk_of(new: NewPayment) -> Desk:
    return Desk(new.channel, new.business_on, new.shift_id)


def _together(calls: Sequence[Mapping[str, Any]]) -> tuple[list[Made | None], list[Statement]]:
    """Book the payments that wait at the same moment (see door.together): those that nothing stands in the way of."""
    at = timezone.now()
    wanted: list[Wanted] = []
    for place, call in enumerate(calls):
        facts = {name: value for name, value in call.items() if name not in {"by", "cheque"}}
        with suppress(Problem):
            new = _asked(**facts)
            if new.tender != Payment.Tender.CHEQUE:
                wanted.append(Wanted(place, Book(_desk_of(new), by_id=call["by"].pk, at=at), new))
    made: list[Made | None] = [None] * len(calls)
    books = []
    for one in load_together(wanted, COUNTER):
        with suppress(Problem):
            account = calls[one.place]["account"]
            payment = stored(posting.post_loaded(one.book, one.payment), account)
            if payment.channel == COUNTER and payment.advance_fen > 0 and sales.stops_of_sale(account):
                continue  # gas in advance in spite of a hazard: by itself, with its refusal or its consent
            made[one.place] = Made(payment, after=_facts(payment))
            books.append(one.book)
    return made, statements_of(books)


@action(
    "gas.payments.take_payment",
    title=_("Take payment"),
    unit=lambda account, **_: account.unit_id,
    amount=lambda amount_fen, **_: amount_fen,
    together=_together,
)
def take_payment(
    *,
    account: Account,
    amount_fen: int,
    tender: int,
    serial: str,
    channel: str = COUNTER,
    shift: Shift | None = None,
    business_on: dt.date | None = None,
    chosen: Sequence[Key] = (),
    received_fen: int | None = None,
    cheque: NewCheque | None = None,
    by: User,
) -> Payment:
    """Take an amount (fen) for an account: chosen bills first, then the oldest, the rest becomes an advance.

    The same `serial` of a channel and business date gives the payment stored for it; with other content it is
    refused. At the counter the money goes through the clerk's open shift and gets a receipt number, and late fees up
    to the day are charged first; a cheque comes with its facts. Gas paid for in advance with an open serious hazard
    needs somebody's named consent (`allow_sale`).
    Raises Problem (nothing booked): bad amount, no shift, day closed, bill no longer open, serial used, bad cheque.
    """
    new = _asked(
        account=account, amount_fen=amount_fen, tender=tender, serial=serial, channel=channel, shift=shift,
        business_on=business_on, chosen=chosen, received_fen=received_fen,
    )  # fmt: skip
    posted = _book(new, Book(_desk_of(new), by_id=by.pk, at=timezone.now()), account, by)
    payment = stored(posted, account)
    if not posted.repeated:
        _check_new(payment, account, cheque)
    note_change(after=_facts(payment, repeated=posted.repeated))
    return payment


def _book(new: NewPayment, book: Book, account: Account, by: User) -> Posted:
    """Read, let others charge first at the counter (which nearly nobody makes necessary), and book."""
    asked = looks_before([account.pk], new.business_on) if new.channel == COUNTER else []
    looked = book.load([account.pk], [new.serial], asked)
    if any(looked) and new.serial not in book.serials:
        charged = charges_before(account, new.business_on, by, looked)
        if charged:
            also = tuple((period, seq) for period, bill_seq, seq in charged if (period, bill_seq) in new.chosen)
            new = replace(new, also=also)
            book.load([account.pk], [new.serial])
    posted = posting.post_loaded(book, new)
    if not posted.repeated:
        write_last(book.statements())
    return posted


def _check_new(payment: Payment, account: Account, cheque: NewCheque | None) -> None:
    """What only a new payment at the counter is asked: gas in advance in spite of a hazard, the cheque."""
    if payment.channel == COUNTER and payment.advance_fen > 0:
        sales.refuse_on_hazard(account)
    if payment.tender == Payment.Tender.CHEQUE:
        cheque_facts.keep_cheque(cheque_facts.checked(cheque), payment)


def stored(posted: Posted, account: Account) -> Payment:
    """The payment of a posting."""
    if posted.row is None:
        payment = Payment.objects.get(account_id=posted.account_id, payment_no=posted.payment_no)
        payment.repeated = posted.repeated
        return payment
    payment = Payment.from_db(DEFAULT_DB_ALIAS, _FIELDS, [posted.row[name] for name in _FIELDS])
    payment.account = account
    return payment


def _facts(payment: Payment, **more: Any) -> dict[str, Any]:
    return {
        "amount_fen": payment.amount_fen,
        "advance_fen": payment.advance_fen,
        "tender": payment.tender,
        "receipt_no": payment.receipt_no,
        **{name: value for name, value in more.items() if value},
    }


@action(
    "gas.payments.reverse_payment",
    title=_("Reverse payment"),
    unit=lambda payment, **_: payment.unit_id,
    owner=lambda payment, **_: payment.by_id,
    amount=lambda payment, **_: payment.amount_fen,
    subject=lambda payment, **_: subject_of(payment),
    four_eyes="above_limit",
)
def reverse_payment(*, payment: Payment, reason: str, shift: Shift | None = None, by: User) -> Payment:
    """Take a payment back by a reversing payment: its bills reopen, its advance goes back. Returns that payment.

    Reversing it again returns the first reversal and changes nothing. Cash leaves the drawer of the open `shift` of
    `by`. A payment of another shift than this one also needs the right to reverse earlier payments.
    Raises Problem (nothing booked): no reason, not a payment, no shift, day closed.
    """
    if not reason.strip():
        raise Problem(_("Say why the payment is reversed."), field="reason", code="no_reason")
    if payment.kind != Payment.Kind.PAYMENT:
        raise Problem(_("Only a payment can be reversed. Nothing was booked."), code="not_a_payment")
    stops = answers("stops_of_reversal", account_id=payment.account_id, payment_no=payment.payment_no)
    for stop in (one for found in stops for one in found):
        raise Problem(stop, code="not_by_itself")
    shift = shift or open_shift_of(by)
    if payment.shift_id and (shift is None or shift.pk != payment.shift_id) and not allowed(by, REVERSE_EARLIER):
        text = _("This payment is from another shift; your supervisor can reverse it.")
        raise Refused(REVERSE_EARLIER, text)
    if payment.tender == Payment.Tender.CASH and payment.shift_id and shift is None:
        raise Problem(_("Cash is paid back from a drawer: open a shift first. Nothing was booked."), code="no_shift")
    desk = Desk(payment.channel, shift.business_on if shift else local_today(), shift.pk if shift else None)
    tender = cheque_facts.give_back(payment, by) if payment.tender == Payment.Tender.CHEQUE else payment.tender
    return book_reversal(payment, desk, reason.strip()[:200], by, tender=tender)


def book_reversal(payment: Payment, desk: Desk, reason: str, by: User, *, tender: int | None = None) -> Payment:
    """Reverse a payment inside an act; the first reversal when there is one. `tender`: how the money goes back."""
    book = Book(desk, by_id=by.pk, at=timezone.now())
    book.load([payment.account_id])
    first = Payment.objects.filter(account_id=payment.account_id, refers_no=payment.payment_no).first()
    if first is not None:
        note_change(after=_facts(first, repeated=True))
        first.repeated = True
        return first
    allocations = Allocation.objects.filter(account_id=payment.account_id, payment_no=payment.payment_no)
    rows = list(allocations.values_list("period", "seq", "amount_fen"))
    row = posting.reverse(book, payment, rows, reason, tender=tender)
    reversal = stored(Posted(payment.account_id, row["payment_no"], repeated=False, row=row), payment.account)
    note_change(before=_facts(payment), after=_facts(reversal), reason=reason)
    return reversal


@action(
    "gas.payments.refund_advance",
    title=_("Refund advance"),
    unit=lambda account, **_: account.unit_id,
    amount=lambda amount_fen, **_: amount_fen,
    four_eyes="above_limit",
)
def refund_advance(
    *, account: Account, amount_fen: int, tender: int, serial: str, reason: str, shift: Shift | None = None, by: User
) -> Payment:
    """Pay back an amount (fen) of an account's advance; cash from the drawer of the open shift of `by`.

    The same serial again gives the stored refund. Raises Problem (nothing paid out): more than the advance, no shift.
    """
    if not reason.strip():
        raise Problem(_("Say why the advance is paid back."), field="reason", code="no_reason")
    shift = shift or open_shift_of(by)
    channel = COUNTER if shift else "office"
    posting.check_amount(amount_fen, tender, serial)
    if tender == Payment.Tender.CASH and shift is None:
        raise Problem(_("Cash is paid back from a drawer: open a shift first. Nothing was booked."), code="no_shift")
    desk = Desk(channel, shift.business_on if shift else local_today(), shift.pk if shift else None)
    book = Book(desk, by_id=by.pk, at=timezone.now())
    posted = posting.refund(
        book, account.pk, amount_fen=amount_fen, tender=tender, serial=serial, reason=reason.strip()[:200]
    )
    refund = stored(posted, account)
    note_change(after=_facts(refund, repeated=posted.repeated), reason=reason)
    return refund


@action("gas.payments.settle_advance", title=_("Settle advances"), unit=lambda unit_id=None, **_: unit_id)
def settle_advances(
    *, account_ids: Sequence[int], unit_id: int | None = None, business_on: dt.date | None = None, by: User
) -> int:
    """Use credits and advances of accounts for what they owe; returns how many accounts had anything to settle.

    Each few hundred accounts are a transaction of their own unless the caller holds one; doing it again does nothing.
    """
    settled = settle_set(account_ids, business_on=business_on, by_id=by.pk)
    note_change(after={"accounts": len(account_ids), "settled": settled})
    return settled


def settle_set(account_ids: Sequence[int], *, business_on: dt.date | None, by_id: int) -> int:
    """The work of `settle_advances` inside another part's act (a billing run, a cancelled bill)."""
    desk = Desk("settlement", business_on or local_today())
    settled = 0
    for first in range(0, len(account_ids), _SETTLE_AT_ONCE):
        with transaction.atomic():
            book = Book(desk, by_id=by_id, at=timezone.now())
            settled += posting.settle_accounts(book, account_ids[first : first + _SETTLE_AT_ONCE])
    return settled


def open_shift_of(user: User) -> Shift | None:
    """The open shift of a clerk, with its till."""
    return Shift.objects.select_related("till").filter(clerk=user.pk, state=Shift.State.OPEN).first()
