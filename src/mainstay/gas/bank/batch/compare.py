"""Reconciliation by sets: the file against our payments in one pass, whatever the number of rows.

Compared row by row with `rules.sorting.sort_out` in the tests.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection

from mainstay.gas.bank.batch.window import PAY
from mainstay.gas.bank.models import Statement
from mainstay.gas.bank.rules.files import StatementRow
from mainstay.gas.bank.rules.sorting import DIFFERS, MATCHED, Sorted
from mainstay.kit.sqlkit import copy_rows

_PLAIN = "SELECT l.serial, l.account_no, l.amount_fen AS fen FROM bank_statementline l WHERE l.statement_id = %s"
_NET = """SELECT l.serial, min(l.account_no) AS account_no, sum(l.amount_fen) AS fen FROM bank_statementline l
    WHERE l.statement_id = %s GROUP BY l.serial HAVING sum(l.amount_fen) <> 0"""
# A payment that was taken back, by whomever, is none of ours any more. An anti-join over the few reversals.
_OURS = f"""SELECT e.serial, e.account_no, e.amount_fen AS fen FROM bank_entry e
    WHERE e.bank_id = %s AND e.business_on = %s AND e.kind = {PAY} AND e.code = '00'
    AND NOT EXISTS (SELECT 1 FROM payments_payment r WHERE r.account_id = e.account_id
        AND r.refers_no = e.payment_no AND r.refers_no IS NOT NULL)"""  # noqa: S608
_CLASS = f"""CASE WHEN o.serial IS NULL THEN 'bank_only' WHEN t.serial IS NULL THEN 'ours_only'
    WHEN t.fen <> o.fen OR t.account_no <> o.account_no THEN '{DIFFERS}' ELSE '{MATCHED}' END"""
# One pass: all that match become one row, every difference a row of its own.
_COMPARE = f"""WITH theirs AS ({{theirs}}), ours AS ({_OURS}), both_sides AS (
    SELECT {_CLASS} AS kind, coalesce(o.serial, t.serial) AS serial, coalesce(o.account_no, t.account_no) AS account_no,
        t.fen AS bank_fen, o.fen AS ours_fen
    FROM theirs t FULL JOIN ours o ON o.serial = t.serial)
SELECT kind, NULL, NULL, count(*), sum(bank_fen), sum(ours_fen) FROM both_sides WHERE kind = '{MATCHED}' GROUP BY kind
UNION ALL SELECT kind, serial, account_no, 1, bank_fen, ours_fen FROM both_sides WHERE kind <> '{MATCHED}'"""  # noqa: S608


# SQLite finds no index for the two sides of a full join; there both are sorted together once instead.
_SIDES = f"""SELECT serial, min(CASE side WHEN 1 THEN account_no END) AS theirs_no,
        min(CASE side WHEN 2 THEN account_no END) AS ours_no, nullif(sum(CASE side WHEN 1 THEN fen END), 0) AS bank_fen,
        sum(CASE side WHEN 2 THEN fen END) AS ours_fen
    FROM (SELECT serial, account_no, fen, 1 AS side FROM ({_PLAIN})
        UNION ALL SELECT serial, account_no, fen, 2 FROM ({_OURS})) GROUP BY serial"""  # noqa: S608
_KIND = f"""CASE WHEN ours_fen IS NULL THEN 'bank_only' WHEN bank_fen IS NULL THEN 'ours_only'
    WHEN bank_fen <> ours_fen OR theirs_no <> ours_no THEN '{DIFFERS}' ELSE '{MATCHED}' END"""
_SORT = f"""WITH both_sides AS MATERIALIZED (
    SELECT {_KIND} AS kind, serial, coalesce(ours_no, theirs_no) AS account_no, bank_fen, ours_fen FROM ({_SIDES})
    WHERE bank_fen IS NOT NULL OR ours_fen IS NOT NULL)
SELECT kind, NULL, NULL, count(*), sum(bank_fen), sum(ours_fen) FROM both_sides WHERE kind = '{MATCHED}' GROUP BY kind
UNION ALL SELECT kind, serial, account_no, 1, bank_fen, ours_fen FROM both_sides WHERE kind <> '{MATCHED}'"""  # noqa: S608


def load_lines(statement: Statement, rows: Iterable[StatementRow]) -> int:
    """Write the lines of a file; returns how many."""
    columns = ["statement_id", "line_no", "serial", "account_no", "amount_fen"]
    facts = ((statement.pk, no, row.serial, row.account_no, row.amount_fen) for no, row in enumerate(rows, 1))
    with connection.cursor() as cursor:
        return copy_rows(cursor, "bank_statementline", columns, facts)


def compare(statement: Statement, *, plain: bool) -> tuple[dict[str, tuple[int, int, int]], list[Sorted]]:
    """Sort a file and our payments of its day: (count, bank's fen, our fen) by class, and every difference.

    `plain` says that the file has neither reversals nor a serial twice, which saves summing them up.
    """
    sums: dict[str, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    found: list[Sorted] = []
    for kind, serial, account_no, count, bank_fen, ours_fen in _joined(statement, plain=plain):
        before = sums[kind]
        sums[kind] = (before[0] + count, before[1] + int(bank_fen or 0), before[2] + int(ours_fen or 0))
        if kind != MATCHED:
            found.append(Sorted(serial, kind, account_no, _whole(bank_fen), _whole(ours_fen)))
    return dict(sums), sorted(found, key=lambda one: one.serial)


def _joined(statement: Statement, *, plain: bool) -> list[tuple[Any, ...]]:
    text = _COMPARE.format(theirs=_PLAIN if plain else _NET) if connection.vendor == "postgresql" else _SORT
    with connection.cursor() as cursor:
        cursor.execute(text, [statement.pk, statement.bank_id, statement.business_on])
        return list(cursor.fetchall())


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
