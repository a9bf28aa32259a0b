"""How the rows of booked money are written: a few statements, however many desks and accounts they come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db import connection

from mainstay.kit.sqlkit.trips import Statement

if TYPE_CHECKING:
    from mainstay.gas.payments.batch import Book
    from mainstay.gas.payments.rules import Key

_ROWS = 100
PAYMENT_COLUMNS = (
    "account_id", "payment_no", "kind", "channel", "serial", "business_on", "amount_fen", "tender", "received_fen",
    "advance_fen", "unit_id", "shift_id", "receipt_no", "refers_no", "reason", "by_id", "at",
)  # fmt: skip
_COLUMNS = {
    "payments_payment": PAYMENT_COLUMNS,
    "payments_serial": ("channel", "business_on", "serial", "digest", "account_id", "payment_no"),
    "payments_allocation": ("account_id", "period", "seq", "no", "payment_no", "amount_fen", "business_on"),
    "ledger_posting": (
        "account_id", "document", "document_no", "line", "business_on", "unit_id", "till_id", "debit", "credit",
        "amount_fen",
    ),
}  # fmt: skip

_CLOSE = "DELETE FROM billing_openitem WHERE account_id = %s AND period = %s AND seq = %s"
_CLOSE_MANY = (
    "DELETE FROM billing_openitem i USING unnest(%s::bigint[], %s::int[], %s::int[]) AS w(account_id, period, seq) "
    "WHERE i.account_id = w.account_id AND i.period = w.period AND i.seq = w.seq"
)
_OPEN = (
    "INSERT INTO billing_openitem (account_id, period, seq, due_on, open_fen, run_id) "
    "SELECT b.account_id, b.period, b.seq, b.due_on, CAST(%s AS bigint), b.run_id FROM billing_bill b "
    "WHERE b.account_id = %s AND b.period = %s AND b.seq = %s "
    "ON CONFLICT (account_id, period, seq) DO UPDATE SET open_fen = excluded.open_fen"
)
_FIRST_ADVANCE = (
    "INSERT INTO payments_advance (account_id, balance_fen) VALUES (%s, %s) ON CONFLICT (account_id) "
    "DO UPDATE SET balance_fen = payments_advance.balance_fen + excluded.balance_fen"
)
_ADVANCE = "UPDATE payments_advance SET balance_fen = balance_fen + %s WHERE account_id = %s"
_RECEIPT = "UPDATE payments_shift SET last_receipt = %s WHERE id = %s"
_RECEIPTS = (
    "UPDATE payments_shift s SET last_receipt = w.last FROM unnest(%s::bigint[], %s::int[]) AS w(id, last) "
    "WHERE s.id = w.id"
)


def statements_of(books: Sequence[Book]) -> list[Statement]:
    """What writes all that these books have collected, in order. No two of them hold the same account or shift."""
    found: list[Statement] = []
    for table in _COLUMNS:
        found += _inserts(table, [row for book in books for row in book.rows.get(table, ())])
    opened = [one for book in books for one in book.opened.items()]
    found += _closed([key for key, open_fen in opened if open_fen == 0])
    found += [(_OPEN, [open_fen, account_id, *key]) for (account_id, key), open_fen in opened if open_fen]
    found += chain.from_iterable(map(_advances, books))
    found += _receipts([(book.shift.id, book.shift.last_receipt) for book in books if book.shift is not None])
    return found


def _closed(keys: Sequence[tuple[int, Key]]) -> list[Statement]:
    """Items that are open no more."""
    if len(keys) > 1 and connection.vendor == "postgresql":
        rows = [(account_id, *key) for account_id, key in keys]
        return [(_CLOSE_MANY, [list(column) for column in zip(*rows, strict=True)])]
    return [(_CLOSE, [account_id, *key]) for account_id, key in keys]


def _advances(book: Book) -> Iterator[Statement]:
    for account_id, amount_fen in book.advances.items():
        if not amount_fen:
            continue
        if book.accounts[account_id].advance_fen == amount_fen:
            yield _FIRST_ADVANCE, [account_id, amount_fen]
        else:
            yield _ADVANCE, [amount_fen, account_id]


def _receipts(last: Sequence[tuple[int, int]]) -> list[Statement]:
    """The last receipt number of each shift."""
    if len(last) > 1 and connection.vendor == "postgresql":
        return [(_RECEIPTS, [list(column) for column in zip(*last, strict=True)])]
    return [(_RECEIPT, [number, shift_id]) for shift_id, number in last]


def _inserts(table: str, rows: Sequence[tuple[Any, ...]]) -> list[Statement]:
    found: list[Statement] = []
    for first in range(0, len(rows), _ROWS):
        part = rows[first : first + _ROWS]
        found.append((_insert(table, len(part)), list(chain.from_iterable(part))))
    return found


@cache
def _insert(table: str, count: int) -> str:
    columns = _COLUMNS[table]
    marks = f"({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([marks] * count)}"  # noqa: S608
