"""Chunks: the bills of some books in one transaction, together with their done rows. One bad account never stops it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from mainstay.gas.billing.batch.gather import ALL_ACCOUNTS, GONE, RunFacts, gather, unknown
from mainstay.gas.billing.batch.post import post_run
from mainstay.gas.billing.batch.price import FAST
from mainstay.gas.billing.batch.slow import rate_slow_rows
from mainstay.gas.billing.batch.sql import Statements
from mainstay.gas.billing.batch.tables import WORK, clear_work
from mainstay.gas.billing.batch.tariffs import TariffTables

_EXCEPTIONS = f"""
    INSERT INTO billing_runexception (run_id, account_id, book_id, reason, detail)
    SELECT run_id, account_id, book_id, problem, detail FROM {WORK} WHERE problem NOT IN ('', '{GONE}')
    ON CONFLICT (run_id, account_id) DO UPDATE SET reason = excluded.reason, detail = excluded.detail"""  # noqa: S608
_DROP_PROBLEMS = f"DELETE FROM {WORK} WHERE problem <> ''"  # noqa: S608
_SUMS = f"""
    SELECT book_id, problem <> '', count(*), sum(amount_fen), sum(volume_l), sum(lane),
        sum(CASE WHEN lane = {FAST} AND schedule_id IS NULL THEN 1 ELSE 0 END) FROM {WORK}
    GROUP BY book_id, problem <> ''"""  # noqa: S608
_FAILED = """
    INSERT INTO billing_runexception (run_id, account_id, book_id, reason, detail) VALUES (%s, %s, %s, 'failed', %s)
    ON CONFLICT (run_id, account_id) DO UPDATE SET reason = 'failed', detail = excluded.detail"""
_DONE = """
    UPDATE billing_runchunk SET done_at = %s, bills = %s, amount_fen = %s, volume_l = %s
    WHERE id = %s AND done_at IS NULL"""


@dataclass(frozen=True, slots=True)
class Sums:
    """What a chunk came to."""

    bills: int = 0
    amount_fen: int = 0
    volume_l: int = 0
    slow: int = 0

    def __add__(self, other: Sums) -> Sums:
        """Both together."""
        return Sums(
            self.bills + other.bills, self.amount_fen + other.amount_fen, self.volume_l + other.volume_l,
            self.slow + other.slow,
        )  # fmt: skip


def compute(
    cursor: Statements, tables: TariffTables, run: RunFacts, books: list[int], accounts: tuple[int, int] = ALL_ACCOUNTS
) -> dict[int, Sums]:
    """Gather and price the books' accounts in the work tables; nothing is written to the business tables.

    Returns what each book came to; books without a bill are missing.
    """
    found = _gathered(cursor, run, books, accounts, prepaid=tables.prepaid)
    if any(row.unknown and not row.problem for row in found):
        for situation, contract_e4 in unknown(cursor):
            tables.learn(situation, contract_e4)
        found = _gathered(cursor, run, books, accounts, prepaid=tables.prepaid)
    if any(row.slow and not row.problem for row in found):
        rate_slow_rows(cursor, tables.book, tables.group, prepaid=tables.prepaid)
        found = _found(cursor)
    if any(row.problem for row in found):
        cursor.execute(_EXCEPTIONS)
        cursor.execute(_DROP_PROBLEMS)
    return {row.book: Sums(row.bills, row.amount_fen, row.volume_l, row.slow) for row in found if not row.problem}


class _Found(NamedTuple):
    """Rows of the work table with or without a problem, by book."""

    book: int
    problem: bool
    bills: int
    amount_fen: int
    volume_l: int
    slow: int
    unknown: int


def _gathered(
    cursor: Statements, run: RunFacts, books: list[int], accounts: tuple[int, int], *, prepaid: bool
) -> list[_Found]:
    clear_work(cursor)
    gather(cursor, run, books, accounts, prepaid=prepaid)
    return _found(cursor)


def _found(cursor: Statements) -> list[_Found]:
    rows = cursor.execute(_SUMS).fetchall()
    return [_Found(book, bool(problem), *map(int, sums)) for book, problem, *sums in rows]


def _post(cursor: Statements, tables: TariffTables, sums: Iterable[Sums]) -> None:
    total = sum(sums, start=Sums())
    post_run(cursor, total.bills, fees=tables.has_fees, rated=bool(total.slow))


def bill_chunks(cursor: Statements, tables: TariffTables, run: RunFacts, chunks: dict[int, int]) -> Sums:
    """Bill books and mark their chunks (id by book) done; call inside a transaction. Bad accounts become exceptions."""
    found = _bill(cursor, tables, run, list(chunks))
    now, total = _now(), Sums()
    done = []
    for book, chunk in chunks.items():
        sums = found.get(book, Sums())
        total += sums
        done.append((now, sums.bills, sums.amount_fen, sums.volume_l, chunk))
    cursor.executemany(_DONE, done)
    return total


def _bill(cursor: Statements, tables: TariffTables, run: RunFacts, books: list[int]) -> dict[int, Sums]:
    """Bill some books; when the database refuses, each book by itself."""
    if len(books) == 1:
        return {books[0]: _bill_book(cursor, tables, run, books[0], ALL_ACCOUNTS)}
    try:
        with transaction.atomic():
            found = compute(cursor, tables, run, books)
            _post(cursor, tables, found.values())
            return found
    except DatabaseError as error:
        if is_nobodys_fault(error):
            raise
        tables.load()
        return {book: _bill_book(cursor, tables, run, book, ALL_ACCOUNTS) for book in books}


def _bill_book(
    cursor: Statements, tables: TariffTables, run: RunFacts, book_id: int, accounts: tuple[int, int]
) -> Sums:
    """Bill a book's accounts within two ids; when the database refuses, halve until the bad ones are alone."""
    try:
        with transaction.atomic():
            sums = compute(cursor, tables, run, [book_id], accounts)
            _post(cursor, tables, sums.values())
            return sums.get(book_id, Sums())
    except DatabaseError as error:
        if is_nobodys_fault(error):
            raise
        tables.load()
        ids = _account_ids(cursor, run, book_id, accounts)
        if not ids:
            raise
        if len(ids) == 1:
            cursor.execute(_FAILED, (run.run_id, ids[0], book_id, str(error).strip()[:200]))
            return Sums()
        middle = len(ids) // 2
        return _bill_book(cursor, tables, run, book_id, (ids[0], ids[middle - 1])) + _bill_book(
            cursor, tables, run, book_id, (ids[middle], ids[-1])
        )


def _account_ids(cursor: Statements, run: RunFacts, book_id: int, accounts: tuple[int, int]) -> list[int]:
    cursor.execute(
        "SELECT DISTINCT account_id FROM readings_reading WHERE book_id = %s AND period = %s AND state = 3 "
        "AND account_id BETWEEN %s AND %s ORDER BY account_id",
        (book_id, run.period, *accounts),
    )
    return [row[0] for row in cursor.fetchall()]


def is_nobodys_fault(error: DatabaseError) -> bool:
    """Lost connection, full disk, lock time-out, a fault of the program: looking for a bad account would not end."""
    state = getattr(error.__cause__, "sqlstate", None)
    if state is not None:
        return str(state)[:2] in {"08", "53", "57", "58", "40", "42", "55"}
    return any(word in str(error) for word in ("locked", "full", "I/O", "no such", "syntax error"))


def _now() -> datetime | str | None:
    """This instant as a DateTimeField stores it."""
    now: datetime | str | None = connection.ops.adapt_datetimefield_value(timezone.now())
    return now
