"""How money is booked: payments, settlements, reversals, refunds, on a `Book` that loads and writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.gas.ledger import rules as ledger
from mainstay.gas.ledger.models import Posting
from mainstay.gas.payments import rules
from mainstay.gas.payments.batch import AccountState, Book, Posted
from mainstay.gas.payments.models import Payment, Shift
from mainstay.gas.payments.rules import Move, NewPayment
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan
from mainstay.kit.sqlkit.trips import Statement, round_trip

ABOVE_ADVANCE = _("The advance is %(advance)s yuan; a refund cannot be more. Nothing was paid out.")
_TENDERS = frozenset(value for value, _label in Payment.desk_tenders())


def post_payments(
    book: Book, payments: Sequence[NewPayment], write: Callable[[list[Statement]], object] = round_trip
) -> list[Posted]:
    """Book payments of one desk, in order; a serial seen before gives the payment stored for it.

    `write` runs the statements that write them: at once, or with the audit row where nothing comes between.
    Raises Problem for a serial that stands for other content, a chosen bill that is no longer open, a closed shift or
    day, an account that does not exist. Nothing is booked then.
    """
    book.load([payment.account_id for payment in payments], [payment.serial for payment in payments])
    posted = [_post(book, payment) for payment in payments]
    if not all(one.repeated for one in posted):
        write(book.statements())
    return posted


def post_loaded(book: Book, payment: NewPayment) -> Posted:
    """Book one payment on a book that its caller has loaded and will write: for those who look at what is due between.

    Raises Problem as `post_payments` does.
    """
    return _post(book, payment)


def _post(book: Book, payment: NewPayment) -> Posted:
    digest = rules.digest(payment)
    before = known(book, payment.serial, digest)
    if before is not None:
        return before
    check_shift(book)
    account = account_of(book, payment.account_id)
    gone = [key for key in payment.chosen if key not in account.items or account.items[key].open_fen <= 0]
    if gone:
        text = _("The bill of %(period)s is no longer open. Nothing was booked; look the customer up again.")
        raise Problem(text % {"period": gone[0][0]}, code="bill_not_open")
    moves, rest = rules.allocate(account.items.values(), payment.amount_fen, payment.chosen + payment.also)
    row = book.add_payment(
        account,
        payment.serial,
        digest,
        kind=int(Payment.Kind.PAYMENT),
        amount_fen=payment.amount_fen,
        tender=payment.tender,
        received_fen=payment.received_fen,
        advance_fen=rest,
    )
    book.put(account, moves, row["payment_no"])
    if rest:
        book.change_advance(account, rest)
    lines = ledger.payment_lines(payment.tender, payment.amount_fen - rest, rest)
    book.post(account, Posting.Document.PAYMENT, row["payment_no"], lines)
    return Posted(account.id, row["payment_no"], repeated=False, row=row)


def deposit(
    book: Book, account: AccountState, payment: NewPayment, digest: str, received_fen: int | None
) -> dict[str, Any]:
    """Keep a payment of a loaded account that pays no bill: all of it is advance. Returns its row."""
    row = book.add_payment(
        account, payment.serial, digest, kind=int(Payment.Kind.PAYMENT), amount_fen=payment.amount_fen,
        tender=payment.tender, received_fen=received_fen, advance_fen=payment.amount_fen,
    )  # fmt: skip
    book.change_advance(account, payment.amount_fen)
    lines = ledger.payment_lines(payment.tender, 0, payment.amount_fen)
    book.post(account, Posting.Document.PAYMENT, row["payment_no"], lines)
    return row


def refunded_before(account_id: int, serial: str) -> Payment | None:
    """The refund that an account got under a serial."""
    return Payment.objects.filter(account_id=account_id, kind=Payment.Kind.REFUND, serial=serial).first()


def check_amount(amount_fen: int, tender: int, serial: str, *, cheques: bool = False) -> None:
    """Raise Problem for an amount, way of paying or serial that no payment can have; `cheques` where one is taken."""
    if amount_fen <= 0:
        raise Problem(_("The amount must be above zero. Nothing was booked."), field="amount", code="not_positive")
    if tender not in _TENDERS and not (cheques and tender == Payment.Tender.CHEQUE):
        raise Problem(_("There is no such way of paying. Nothing was booked."), field="tender", code="no_tender")
    if not 1 <= len(serial) <= 64:  # noqa: PLR2004  # width of the column
        raise Problem(_("A serial has 1 to 64 characters. Nothing was booked."), field="serial", code="bad_serial")


def known(book: Book, serial: str, digest: str) -> Posted | None:
    """The payment a serial stands for; Problem when it stands for another one."""
    found = book.serials.get(serial)
    if found is None:
        return None
    if found[0] != digest:
        text = _("Serial %(serial)s was used for another payment. Nothing was booked; use a new serial.")
        raise Problem(text % {"serial": serial}, field="serial", code="serial_used")
    return Posted(found[1], found[2], repeated=True)


def account_of(book: Book, account_id: int) -> AccountState:
    """The loaded account; Problem when there is none."""
    found = book.accounts.get(account_id)
    if found is None:
        raise Problem(_("There is no such account. Nothing was booked."), field="account", code="no_account")
    return found


def check_shift(book: Book) -> None:
    """A desk with a shift needs it open, and the clerk's own."""
    if book.desk.shift_id is None:
        return
    if book.shift is None or book.shift.state != Shift.State.OPEN or book.shift.clerk_id != book.by_id:
        raise Problem(_("Your shift is not open. Nothing was booked; open a shift first."), code="no_shift")


def settle(book: Book, account: AccountState) -> int:
    """Use credits and the advance of a loaded account for what it owes; returns the fen taken from the advance."""
    settled = rules.settle(list(account.items.values()), account.advance_fen)
    book.put(account, settled.netted, None)
    book.put_settlement(account, settled.from_advance)
    return -settled.advance_fen


def settle_accounts(book: Book, account_ids: Iterable[int]) -> int:
    """Settle accounts (some hundreds at most); returns how many of them had anything to settle."""
    book.load(list(account_ids))
    touched = 0
    for account in book.accounts.values():
        before = dict(account.items)
        settle(book, account)
        touched += account.items != before
    if touched:
        book.write()
    return touched


def reverse(
    book: Book,
    payment: Payment,
    allocations: Sequence[tuple[int, int, int]],
    reason: str,
    *,
    tender: int | None = None,
) -> dict[str, Any]:
    """Book the reversal of a payment with `allocations` (period, seq, amount): bills reopen, the advance shrinks.

    Advance that was used since comes back from the newest bills it paid. `tender` is how the money goes back when that
    is not how it came (a cheque the bank has paid).
    """
    tender = payment.tender if tender is None else tender
    account = account_of(book, payment.account_id)
    check_shift(book)
    row = book.add_payment(
        account,
        f"R{payment.payment_no}",
        kind=int(Payment.Kind.REVERSAL),
        amount_fen=-payment.amount_fen,
        tender=tender,
        advance_fen=-payment.advance_fen,
        refers_no=payment.payment_no,
        reason=reason,
    )
    book.load_closed_items(account, [(period, seq) for period, seq, _amount in allocations])
    moves = [Move(account.items[period, seq], -amount) for period, seq, amount in allocations]
    book.put(account, moves, row["payment_no"])
    if payment.advance_fen:
        _give_back(book, account, payment.advance_fen)
    lines = ledger.payment_lines(tender, payment.advance_fen - payment.amount_fen, -payment.advance_fen)
    book.post(account, Posting.Document.PAYMENT_REVERSAL, row["payment_no"], lines)
    settle(book, account)
    book.write()
    return row


def _give_back(book: Book, account: AccountState, advance_fen: int) -> None:
    short = advance_fen - account.advance_fen
    if short > 0:
        try:
            undone = rules.take_back(book.settled(account), short)
        except ValueError as error:
            text = _(
                "Money of this payment lies in a deposit, bought gas on a card, or was handed to another account. "
                "Bring it back first."
            )
            raise Problem(text, code="moved_on") from error
        book.load_closed_items(account, [key for key, _amount in undone])
        book.put_settlement(account, [Move(account.items[key], -amount) for key, amount in undone])
    book.change_advance(account, -advance_fen)


def refund(book: Book, account_id: int, *, amount_fen: int, tender: int, serial: str, reason: str) -> Posted:
    """Book advance paid back to the customer; Problem when there is not that much. A serial acts once."""
    book.load([account_id], [serial])
    desk = book.desk
    content = NewPayment(account_id, -amount_fen, tender, desk.channel, serial, desk.business_on)
    digest = rules.digest(content)
    before = known(book, serial, digest)
    if before is not None:
        return before
    check_shift(book)
    account = account_of(book, account_id)
    if amount_fen > account.advance_fen:
        raise Problem(ABOVE_ADVANCE % {"advance": yuan(account.advance_fen)}, field="amount", code="above_advance")
    row = book.add_payment(
        account,
        serial,
        digest,
        kind=int(Payment.Kind.REFUND),
        amount_fen=-amount_fen,
        tender=tender,
        advance_fen=-amount_fen,
        reason=reason,
    )
    book.change_advance(account, -amount_fen)
    book.post(account, Posting.Document.REFUND, row["payment_no"], ledger.refund_lines(tender, amount_fen))
    book.write()
    return Posted(account.id, row["payment_no"], repeated=False, row=row)
