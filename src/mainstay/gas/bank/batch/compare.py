"""Reconciliation by sets: the file against our payments, whatever the number of rows and their order.

Compared row by row with `rules.sorting.sort_out` in the tests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

from mainstay.gas.bank.batch.window import PAY
from mainstay.gas.bank.models import Statement
from mainstay.gas.bank.rules.sorting import BANK_ONLY, DIFFERS, MATCHED, OURS_ONLY, Sorted
from mainstay.gas.bank.rules.statements import StatementFile
from mainstay.kit.sqlkit import copy_rows

Sums = dict[str, tuple[int, int, int]]
_CHUNK = 20_000
_PLAIN = "SELECT l.serial, l.account_no, l.amount_fen AS fen FROM bank_statementline l WHERE l.statement_id = %s"
_NET = """SELECT l.serial, min(l.account_no) AS account_no, sum(l.amount_fen) AS fen FROM bank_statementline l
    WHERE l.statement_id = %s GROUP BY l.serial HAVING sum(l.amount_fen) <> 0"""
# A payment that was taken back, by whomever, is none of ours any more. An anti-join over the few reversals.
_OURS = f"""SELECT e.serial, e.account_no, e.amount_fen AS fen FROM bank_entry e
    WHERE e.bank_id = %s AND e.business_on = %s AND e.kind = {PAY} AND e.code = '00'
    AND NOT EXISTS (SELECT 1 FROM payments_payment r WHERE r.account_id = e.account_id
        AND r.refers_no = e.payment_no AND r.refers_no IS NOT NULL)"""  # noqa: S608
_CLASS = f"""CASE WHEN o.serial IS NULL THEN '{BANK_ONLY}' WHEN t.serial IS NULL THEN '{OURS_ONLY}'
    WHEN t.fen <> o.fen OR t.account_no <> o.account_no THEN '{DIFFERS}' ELSE '{MATCHED}' END"""
# One pass: all that match become one row, every difference a row of its own.
_COMPARE = f"""WITH theirs AS ({{theirs}}), ours AS ({_OURS}), both_sides AS (
    SELECT {_CLASS} AS kind, coalesce(o.serial, t.serial) AS serial, coalesce(o.account_no, t.account_no) AS account_no,
        t.fen AS bank_fen, o.fen AS ours_fen
    FROM theirs t FULL JOIN ours o ON o.serial = t.serial)
SELECT kind, NULL, NULL, count(*), sum(bank_fen), sum(ours_fen) FROM both_sides WHERE kind = '{MATCHED}' GROUP BY kind
UNION ALL SELECT kind, serial, account_no, 1, bank_fen, ours_fen FROM both_sides WHERE kind <> '{MATCHED}'"""  # noqa: S608

# SQLite has no hash join: a full join sorts both sides, or looks up rows all over the journal. There each row becomes
# one text, and sets of texts are compared; a row that both sides have is the same text on both. Some ten thousand of
# ours come as one long text with line ends, which no serial, amount or account number has: splitting it costs a third
# of fetching as many rows.
_JOINED = "SELECT group_concat(serial || ' ' || fen || ' ' || account_no, char(10)) FROM ({ours})"
_TO = """SELECT serial FROM bank_entry WHERE bank_id = %s AND business_on = %s AND serial > %s ORDER BY serial
    LIMIT 1 OFFSET %s"""


def load_lines(statement: Statement, told: StatementFile) -> int:
    """Write the lines of a file; returns how many."""
    columns = ["statement_id", "line_no", "serial", "account_no", "amount_fen"]
    count = len(told)
    facts = zip([statement.pk] * count, range(1, count + 1), told.serials, told.account_nos, told.fens, strict=True)
    with connection.cursor() as cursor:
        return copy_rows(cursor, "bank_statementline", columns, facts)


def compare(statement: Statement, told: StatementFile) -> tuple[Sums, list[Sorted]]:
    """Sort a file, whose lines are loaded, and our payments of its day.

    Returns (count, bank's fen, our fen) by class, and every difference.
    """
    sums: Sums = defaultdict(lambda: (0, 0, 0))
    found: list[Sorted] = []
    joined = _joined if connection.vendor == "postgresql" else _met
    for kind, serial, account_no, count, bank_fen, ours_fen in joined(statement, told):
        before = sums[kind]
        sums[kind] = (before[0] + count, before[1] + int(bank_fen or 0), before[2] + int(ours_fen or 0))
        if kind != MATCHED:
            found.append(Sorted(serial, kind, account_no, _whole(bank_fen), _whole(ours_fen)))
    return dict(sums), sorted(found, key=lambda one: one.serial)


def _joined(statement: Statement, told: StatementFile) -> Iterable[tuple[Any, ...]]:
    """Rows of (class, serial, account, count, bank's fen, our fen); what matched is one row."""
    with connection.cursor() as cursor:
        text = _COMPARE.format(theirs=_PLAIN if told.plain else _NET)
        cursor.execute(text, [statement.pk, statement.bank_id, statement.business_on])
        return list(cursor.fetchall())


def _met(statement: Statement, told: StatementFile) -> Iterator[tuple[Any, ...]]:
    """The same rows without a join. In memory are the file's rows, and of ours some ten thousand at a time."""
    theirs = _told(told)
    count, odd = len(theirs), list[str]()
    for ours in _taken(statement):
        left = len(theirs) - len(ours)
        theirs.symmetric_difference_update(ours)  # what both have goes, what only we have comes in
        if len(theirs) != left:
            odd += [text for text in ours if text in theirs]
    theirs.difference_update(odd)
    only_theirs, only_ours = _by_serial(theirs), _by_serial(odd)
    # What nets to nothing adds nothing, so the rows that are compared sum to what the whole file sums to.
    matched_fen = told.amount_fen - sum(fen for fen, _account_no in only_theirs.values())
    if matched := count - len(only_theirs):
        yield MATCHED, None, None, matched, matched_fen, matched_fen
    for serial in {*only_theirs, *only_ours}:
        theirs_one, ours_one = only_theirs.get(serial), only_ours.get(serial)
        bank_fen, ours_fen = theirs_one and theirs_one[0], ours_one and ours_one[0]
        kind = BANK_ONLY if ours_one is None else OURS_ONLY if theirs_one is None else DIFFERS
        yield kind, serial, (ours_one or theirs_one or (0, ""))[1], 1, bank_fen, ours_fen


def _told(told: StatementFile) -> set[str]:
    """The texts of the file's rows, reversals netted."""
    if told.plain:
        return set(map(" ".join, zip(told.serials, map(str, told.fens), told.account_nos, strict=True)))
    net: dict[str, tuple[int, str]] = {}
    for row in told.rows:
        fen, account_no = net.get(row.serial, (0, row.account_no))
        net[row.serial] = fen + row.amount_fen, min(account_no, row.account_no)
    return {f"{serial} {fen} {account_no}" for serial, (fen, account_no) in net.items() if fen}


def _taken(statement: Statement) -> Iterator[list[str]]:
    """The texts of our payments, part by part in the order of the journal's key."""
    first: Any = ""
    with connection.cursor() as cursor:
        while first is not None:
            facts = [statement.bank_id, statement.business_on, first]
            cursor.execute(_TO, [*facts, _CHUNK - 1])
            last = (cursor.fetchone() or (None,))[0]
            upto = " AND e.serial <= %s" if last is not None else ""
            ours = f"{_OURS} AND e.serial > %s{upto}"
            cursor.execute(_JOINED.format(ours=ours), facts if last is None else [*facts, last])
            texts, first = cursor.fetchone()[0], last
            if texts:
                yield texts.split("\n")


def _by_serial(texts: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Fen and account number by serial."""
    parts = (text.split(" ", 2) for text in texts)
    return {serial: (int(fen), account_no) for serial, fen, account_no in parts}


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
