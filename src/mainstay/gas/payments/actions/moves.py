"""Money of customers that stays in the house: deposits taken, used, paid back; advances handed to another account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.gas.ledger import rules as ledger
from mainstay.gas.ledger.models import Posting
from mainstay.gas.payments import posting, queries
from mainstay.gas.payments.actions.money import COUNTER, open_shift_of, refund_advance, stored
from mainstay.gas.payments.batch import AccountState, Book, Desk
from mainstay.gas.payments.models import DepositMove, Payment, Shift
from mainstay.gas.payments.rules import NewPayment, digest
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.gas.customers.models import Account

_MARK = ((0, 0),)  # in the fingerprint of a serial: a deposit is not the payment of the same amount


def _of(account: Account, **_facts: Any) -> int:
    return account.unit_id


def _about(account: Account, **_facts: Any) -> str:
    return f"customers.account:{account.pk}"


def _size(amount_fen: int, **_facts: Any) -> int:
    return amount_fen


@action("gas.payments.take_deposit", title=_("Take deposit"), unit=_of, subject=_about, amount=_size)
def take_deposit(
    *, account: Account, amount_fen: int, tender: int, serial: str, shift: Shift | None = None,
    received_fen: int | None = None, by: User,
) -> Payment:  # fmt: skip
    """Take money (fen) that secures what an account will owe; it pays no bill. Returns the payment with its receipt.

    The same serial again gives the stored payment. Raises Problem (nothing booked): amount, no shift, day closed.
    """
    shift = shift or open_shift_of(by)
    posting.check_amount(amount_fen, tender, serial)
    if tender == Payment.Tender.CASH and shift is None:
        raise Problem(_("Your shift is not open. Nothing was booked; open a shift first."), code="no_shift")
    day = shift.business_on if shift else local_today()
    book = Book(Desk(COUNTER if shift else "office", day, shift.pk if shift else None), by_id=by.pk, at=timezone.now())
    book.load([account.pk], [serial])
    content = NewPayment(account.pk, amount_fen, tender, book.desk.channel, serial, day, chosen=_MARK)
    known = posting.known(book, serial, digest(content))
    if known is not None:
        return stored(known, account)
    posting.check_shift(book)
    row = posting.deposit(book, posting.account_of(book, account.pk), content, digest(content), received_fen)
    number = _put(book, book.accounts[account.pk], amount_fen)
    book.write()
    _note(account, number, DepositMove.Kind.TAKEN, amount_fen, by, row=row)
    note_change(after={"deposit_fen": amount_fen, "tender": tender, "receipt_no": row["receipt_no"]})
    return Payment.objects.get(account_id=account.pk, payment_no=row["payment_no"])


@action("gas.payments.use_deposit", title=_("Use deposit for bills"), unit=_of, subject=_about, amount=_size)
def use_deposit(*, account: Account, amount_fen: int, reason: str, by: User) -> int:
    """Pay what an account owes from its deposit; what is more stays as an advance. Returns the fen left in deposit."""
    _need(reason)
    book = _book(account, by=by)
    number = _release(book, account, amount_fen)
    posting.settle(book, book.accounts[account.pk])
    book.write()
    _note(account, number, DepositMove.Kind.USED, -amount_fen, by, reason=reason)
    left = queries.deposit_fen(account.pk)
    note_change(after={"used_fen": amount_fen, "deposit_fen": left}, reason=reason)
    return left


@action(
    "gas.payments.refund_deposit", title=_("Refund deposit"), unit=_of, subject=_about, amount=_size,
    four_eyes="above_limit",
)  # fmt: skip
def refund_deposit(
    *, account: Account, amount_fen: int, tender: int, serial: str, reason: str, shift: Shift | None = None, by: User
) -> Payment:
    """Pay an amount (fen) of a deposit back to the customer. The same serial again gives the stored refund.

    Raises Problem (nothing paid out): no reason, more than there is, bills are due, no shift for cash.
    """
    _need(reason)
    paid = posting.refunded_before(account.pk, serial)
    if paid is not None:
        return paid
    owed = sum(item.open_fen for item in queries.due_items(account))
    if owed > 0:
        text = _("The account owes %(owed)s yuan. Use the deposit for it first; what is left can be paid back.")
        raise Problem(text % {"owed": yuan(owed)}, code="debt")
    book = _book(account, by=by)
    number = _release(book, account, amount_fen)
    book.write()
    note_change(after={"refunded_fen": amount_fen}, reason=reason)
    paid = refund_advance(
        account=account, amount_fen=amount_fen, tender=tender, serial=serial, reason=reason, shift=shift, by=by
    )
    row = {"payment_no": paid.payment_no, "receipt_no": paid.receipt_no}
    _note(account, number, DepositMove.Kind.REFUNDED, -amount_fen, by, row=row, reason=reason)
    return paid


@action("gas.payments.move_advance", title=_("Move advance to another account"), unit=_of, subject=_about, amount=_size)
def move_advance(*, account: Account, to: Account, amount_fen: int, reason: str, by: User) -> int:
    """Hand an amount (fen) of one account's advance to another, where it pays what is due at once.

    Returns the advance left at the first. Raises Problem (nothing moved): more than there is, the same account, no
    reason, a closed day.
    """
    _need(reason)
    if to.pk == account.pk:
        raise Problem(_("Choose another account to move the advance to."), field="to", code="same_account")
    book = _book(account, to, by=by)
    giver, taker = (posting.account_of(book, one.pk) for one in (account, to))
    if not 0 < amount_fen <= giver.advance_fen:
        text = _("The advance is %(advance)s yuan: no other amount can be moved. Nothing was moved.")
        raise Problem(text % {"advance": yuan(giver.advance_fen)}, field="amount", code="above_advance")
    for one, part in ((giver, amount_fen), (taker, -amount_fen)):
        number = queries.next_document(one.id, Posting.Document.TRANSFER)
        book.change_advance(one, -part)
        book.post(one, Posting.Document.TRANSFER, number, ledger.transfer_lines(part))
    posting.settle(book, taker)
    book.write()
    note_change(after={"moved_fen": amount_fen, "to": to.account_no}, reason=reason)
    return giver.advance_fen


def _need(reason: str) -> None:
    if not reason.strip():
        raise Problem(_("Give the reason; it stays with the money."), field="reason", code="no_reason")


def _book(*accounts: Account, by: User) -> Book:
    book = Book(Desk("settlement", local_today()), by_id=by.pk, at=timezone.now())
    book.load([one.pk for one in accounts])
    return book


def _put(book: Book, account: AccountState, amount_fen: int) -> int:
    """Move from the advance into the deposit; a negative amount moves back. Returns the number of the document."""
    number = queries.next_document(account.id, Posting.Document.DEPOSIT)
    book.change_advance(account, -amount_fen)
    book.post(account, Posting.Document.DEPOSIT, number, ledger.deposit_lines(amount_fen))
    return number


def _note(
    account: Account, number: int, kind: str, amount_fen: int, by: User, *, row: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:  # fmt: skip
    """Keep the movement with the payment it came or went by: its receipt speaks of a deposit."""
    row = row or {}
    DepositMove.objects.create(
        account=account, number=number, kind=kind, amount_fen=amount_fen, payment_no=row.get("payment_no"),
        receipt_no=row.get("receipt_no") or "", reason=reason.strip()[:200], by=by, at=timezone.now(),
    )  # fmt: skip


def _release(book: Book, account: Account, amount_fen: int) -> int:
    held = queries.deposit_fen(account.pk)
    if not 0 < amount_fen <= held:
        text = _("The deposit is %(held)s yuan: no other amount can be taken from it. Nothing was booked.")
        raise Problem(text % {"held": yuan(held)}, field="amount", code="above_deposit")
    return _put(book, posting.account_of(book, account.pk), -amount_fen)
