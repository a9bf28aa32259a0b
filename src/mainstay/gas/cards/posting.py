"""How a card sale is booked: the payment comes in as an advance that the sale uses up in the same transaction."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.gas.cards.models import CardOrder
from mainstay.gas.ledger import rules as ledger
from mainstay.gas.ledger.models import Posting
from mainstay.gas.payments import posting
from mainstay.gas.payments.batch import Book, Desk
from mainstay.gas.payments.models import Payment, Shift
from mainstay.gas.payments.rules import NewPayment, digest
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan

CHANNEL = "card"


def sell(
    order: CardOrder, *, tender: int, shift: Shift | None, received_fen: int | None, by_id: int, day: dt.date
) -> int:
    """Book money and sale of an order in one go; returns the payment's number. The order's number is its serial."""
    book = Book(Desk(CHANNEL, day, shift.pk if shift else None), by_id=by_id, at=timezone.now())
    book.load([order.account_id], [order.number])
    content = NewPayment(order.account_id, order.amount_fen, tender, CHANNEL, order.number, day)
    known = posting.known(book, order.number, digest(content))
    if known is not None:
        return known.payment_no
    posting.check_shift(book)
    account = posting.account_of(book, order.account_id)
    row = book.add_payment(
        account, order.number, digest(content), kind=int(Payment.Kind.PAYMENT), amount_fen=order.amount_fen,
        tender=tender, received_fen=received_fen, advance_fen=order.amount_fen,
    )  # fmt: skip
    book.change_advance(account, order.amount_fen)
    book.post(account, Posting.Document.PAYMENT, row["payment_no"], ledger.payment_lines(tender, 0, order.amount_fen))
    _sale(book, order, 1)
    book.write()
    return int(row["payment_no"])


def sell_from_advance(order: CardOrder, *, by_id: int, day: dt.date, shift: Shift | None) -> None:
    """Book the sale of an order out of the advance. Problem where the advance less what is owed is not enough."""
    book = Book(Desk(CHANNEL, day, shift.pk if shift else None), by_id=by_id, at=timezone.now())
    book.load([order.account_id])
    posting.check_shift(book)
    account = posting.account_of(book, order.account_id)
    owed_fen = sum(item.open_fen for item in account.items.values())
    free_fen = account.advance_fen - max(0, owed_fen)
    if free_fen < order.amount_fen:
        text = _("%(amount)s yuan are to be paid, %(free)s yuan of the advance are free. Nothing was booked; buy less.")
        facts = {"amount": yuan(order.amount_fen), "free": yuan(max(0, free_fen))}
        raise Problem(text % facts, field="volume", code="above_advance")
    _sale(book, order, 1)
    book.write()


def take_back(order: CardOrder, *, by_id: int, day: dt.date, shift: Shift | None) -> None:
    """Book the sale of an order back into the advance; its payment, where it had one, is reversed next."""
    book = Book(Desk(CHANNEL, day, shift.pk if shift else None), by_id=by_id, at=timezone.now())
    book.load([order.account_id])
    _sale(book, order, -1)
    book.write()


def _sale(book: Book, order: CardOrder, sign: int) -> None:
    account = posting.account_of(book, order.account_id)
    document = Posting.Document.CARD_SALE if sign > 0 else Posting.Document.CARD_SALE_BACK
    book.post(account, document, order.pk, ledger.card_sale_lines(sign * order.amount_fen, sign * order.vat_fen))
    book.change_advance(account, -sign * order.amount_fen)
