"""Postings by sets: the same rows as `rules` for thousands of documents; and the comparison of whole tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

from mainstay.gas.billing.hooks import ACCRUED as TAKEN_UP
from mainstay.gas.billing.hooks import Cursor
from mainstay.gas.ledger.chart import (
    ACCRUED,
    ADVANCE,
    BANK,
    CASH,
    CHEQUES,
    CLEARING,
    LATE_FEES,
    OF_BILL_KIND,
    OPENING,
    RECEIVABLE,
    REVENUE,
    VAT,
)

_BILL, _ACCRUAL = 1, 8
_ROOM = 100_000
_COLUMNS = "account_id, document, document_no, line, business_on, unit_id, till_id, debit, credit, amount_fen"


# Both lines of a bill one after the other, in the order of the key: the index takes them twice as fast that way.
# What was taken over is no revenue of ours: its other side is the opening account.
# Revenue of late fees that a run accrued was posted then, in sum.
# A bill debits the receivable; a negative one credits it, so that the amount posted stays positive.
_OTHER = " ".join(f"WHEN {kind} THEN {code}" for kind, code in OF_BILL_KIND.items())
_OF_ACCRUED = " ".join(f"WHEN {kind} THEN {ACCRUED}" for kind, code in OF_BILL_KIND.items() if code == LATE_FEES)
_POST = f"""
    INSERT INTO ledger_posting ({_COLUMNS})
    SELECT account_id, {_BILL}, CAST(period AS bigint) * {_ROOM} + seq, line, business_on, unit_id,
        CAST(NULL AS bigint), CASE WHEN fen > 0 THEN {RECEIVABLE} ELSE other END,
        CASE WHEN fen > 0 THEN other ELSE {RECEIVABLE} END, abs(fen)
    FROM (
        SELECT account_id, period, seq, business_on, unit_id, side.line,
            CASE WHEN kind = 6 THEN {OPENING} WHEN side.line = 2 THEN {VAT}
                ELSE CASE kind {{other}} ELSE {REVENUE} END END AS other,
            CASE WHEN side.line = 1 THEN amount_fen - vat_fen ELSE vat_fen END AS fen
        FROM {{table}} CROSS JOIN (SELECT 1 AS line UNION ALL SELECT 2) side
    ) posted WHERE fen <> 0"""  # noqa: S608


_USED = sorted({RECEIVABLE, REVENUE, VAT, OPENING, ACCRUED, *OF_BILL_KIND.values()})
_CHART = f"SELECT count(*) FROM ledger_ledgeraccount WHERE code IN ({', '.join(map(str, _USED))})"  # noqa: S608


def post_bills(cursor: Cursor, table: str) -> None:
    """Post every bill of `table` (see billing.hooks): receivable against revenue net of VAT, and against VAT.

    Raises RuntimeError when the chart lacks an account: in a billing run the guards of references leave that to it, and
    no bill is to blame.
    """
    cursor.execute(_CHART)
    if cursor.fetchall()[0][0] != len(_USED):
        raise RuntimeError(f"the chart of accounts needs all of {_USED}")
    cursor.execute(_POST.format(table=table, other=_OF_ACCRUED if table == TAKEN_UP else _OTHER))


RUN_ROOM = 10**10  # more than the id of any account: the number of an accrual is its run and its first account
_ACCRUE = f"""
    INSERT INTO ledger_posting ({_COLUMNS})
    SELECT 0, {_ACCRUAL}, %s, row_number() OVER (ORDER BY unit_id), %s, unit_id, CAST(NULL AS bigint),
        {ACCRUED}, {LATE_FEES}, sum(amount_fen)
    FROM {{table}} GROUP BY unit_id"""  # noqa: S608


def post_accruals(cursor: Cursor, table: str, run_id: int, first_account: int, business_on: date) -> None:
    """Post late fees that a part of a run accrues, a line a branch; `table` has unit_id and amount_fen of each."""
    cursor.execute(_ACCRUE.format(table=table), [run_id * RUN_ROOM + first_account, business_on])


_SHOWN = 1_000  # differences of one kind: enough to see what went wrong
_SIGNED = "CASE WHEN p.debit = {code} THEN p.amount_fen ELSE -p.amount_fen END"
_KEY = "{alias}.account_id || '/' || {alias}.period || '/' || {alias}.seq"


def _documents(kinds: str, code: int, side: str) -> str:
    """Sum posted for each document in one ledger account, by the key of the document."""
    sign = "" if side == "debit" else "-"
    signed = _SIGNED.format(code=code)
    return f"""SELECT p.account_id, p.document_no, sum({sign}({signed})) AS fen FROM ledger_posting p
        WHERE p.document IN ({kinds}) AND (p.debit = {code} OR p.credit = {code}) GROUP BY 1, 2"""  # noqa: S608


def _bill_difference(posted: str, column: str) -> str:
    key = _KEY.format(alias="b")
    return f"""SELECT {key}, coalesce(s.fen, 0), b.{column} FROM billing_bill b LEFT JOIN ({posted}) s
        ON s.account_id = b.account_id AND s.document_no = CAST(b.period AS bigint) * {_ROOM} + b.seq
        WHERE coalesce(s.fen, 0) <> b.{column}"""  # noqa: S608


def _difference(key: str, found: str, expected: str) -> str:
    """Sums of two sides by a key that either may lack. Both give the key and `fen`; SQLite has no fast FULL JOIN."""
    return f"""SELECT CAST(x.{key} AS text), sum(x.found), sum(x.expected) FROM (
            SELECT {key}, fen AS found, 0 AS expected FROM ({found}) n
            UNION ALL SELECT {key}, 0, fen FROM ({expected}) l
        ) x GROUP BY x.{key} HAVING sum(x.found) <> sum(x.expected)"""  # noqa: S608


def _posted(key: str, code: int, sign: str = "") -> str:
    """What is posted in one ledger account, by a key of the posting."""
    return f"""SELECT p.{key}, {sign}sum({_SIGNED.format(code=code)}) AS fen FROM ledger_posting p
            WHERE p.debit = {code} OR p.credit = {code} GROUP BY 1"""  # noqa: S608


def _by_account(table: str, column: str) -> str:
    return f"SELECT account_id, sum({column}) AS fen FROM {table} GROUP BY 1"  # noqa: S608


_MONEY = ", ".join(map(str, (CASH, BANK, CLEARING, CHEQUES)))
_DIFFERENCES = {
    "bill": _bill_difference(_documents("1", RECEIVABLE, "debit"), "amount_fen"),
    "vat": _bill_difference(_documents("1", VAT, "credit"), "vat_fen"),
    "payment": f"""SELECT y.account_id || '/' || y.payment_no, coalesce(s.fen, 0), y.amount_fen FROM payments_payment y
        LEFT JOIN (SELECT p.account_id, p.document_no,
            sum(CASE WHEN p.debit IN ({_MONEY}) THEN p.amount_fen ELSE -p.amount_fen END) AS fen FROM ledger_posting p
            WHERE p.document IN (2, 3, 6) GROUP BY 1, 2) s
        ON s.account_id = y.account_id AND s.document_no = y.payment_no
        WHERE coalesce(s.fen, 0) <> y.amount_fen""",  # noqa: S608
    "receivable": _difference(
        "account_id", _by_account("billing_openitem", "open_fen"), _posted("account_id", RECEIVABLE)
    ),
    "accrued": _difference(
        "unit_id",
        """SELECT b.unit_id, sum(a.amount_fen) AS fen FROM billing_accrual a JOIN billing_bill b
            ON b.account_id = a.account_id AND b.period = a.period AND b.seq = a.seq GROUP BY 1""",
        _posted("unit_id", ACCRUED),
    ),
    "advance": _difference(
        "account_id", _by_account("payments_advance", "balance_fen"), _posted("account_id", ADVANCE, "-")
    ),
    "allocation": f"""SELECT {_KEY.format(alias="b")}, coalesce(i.open_fen, 0), b.amount_fen - coalesce(a.fen, 0)
        FROM billing_bill b
        LEFT JOIN billing_openitem i ON i.account_id = b.account_id AND i.period = b.period AND i.seq = b.seq
        LEFT JOIN (SELECT account_id, period, seq, sum(amount_fen) AS fen FROM payments_allocation GROUP BY 1, 2, 3) a
            ON a.account_id = b.account_id AND a.period = b.period AND a.seq = b.seq
        WHERE coalesce(i.open_fen, 0) <> b.amount_fen - coalesce(a.fen, 0)""",  # noqa: S608
    "orphan": f"""SELECT p.account_id || '/' || p.document || '/' || p.document_no || '/' || p.line, 0, p.amount_fen
        FROM ledger_posting p
        WHERE (p.document = 1 AND NOT EXISTS (SELECT 1 FROM billing_bill b WHERE b.account_id = p.account_id
                AND b.period = p.document_no / {_ROOM} AND b.seq = p.document_no % {_ROOM}))
            OR (p.document IN (2, 3, 6) AND NOT EXISTS (SELECT 1 FROM payments_payment y
                WHERE y.account_id = p.account_id AND y.payment_no = p.document_no))
            OR (p.document = 4 AND NOT EXISTS (SELECT 1 FROM payments_allocation a WHERE a.account_id = p.account_id
                AND a.period = p.document_no / {_ROOM * _ROOM} AND a.seq = p.document_no / {_ROOM} % {_ROOM}
                AND a.no = p.document_no % {_ROOM} AND a.payment_no IS NULL))
            OR (p.document = 5 AND NOT EXISTS (SELECT 1 FROM payments_shift s WHERE s.id = p.document_no))
            OR (p.document = {_ACCRUAL} AND NOT EXISTS (SELECT 1 FROM latefees_latefeerun r
                WHERE r.id = p.document_no / {RUN_ROOM}))
            OR (p.document = 41 AND NOT EXISTS (SELECT 1 FROM payments_cheque c WHERE c.account_id = p.account_id
                AND c.payment_no = p.document_no AND c.state = 'cleared' AND c.amount_fen = p.amount_fen))
            OR (p.document = 42 AND NOT EXISTS (SELECT 1 FROM cards_cardorder o WHERE o.account_id = p.account_id
                AND o.id = p.document_no AND o.paid_at IS NOT NULL AND o.state <> 'returned'))
            OR (p.document = 43 AND NOT EXISTS (SELECT 1 FROM cards_cardorder o WHERE o.account_id = p.account_id
                AND o.id = p.document_no AND o.state IN ('void', 'returned')))""",  # noqa: S608
    "closed": """SELECT CAST(v.id AS text), s.fen, v.fen FROM (SELECT max(id) AS id, unit_id, business_on,
            sum(amount_fen) AS fen, sum(postings) AS rows FROM ledger_voucher GROUP BY unit_id, business_on) v
        JOIN ledger_closedday d ON d.unit_id = v.unit_id AND d.business_on = v.business_on AND NOT d.reopened
        JOIN (SELECT unit_id, business_on, sum(amount_fen) AS fen, count(*) AS rows FROM ledger_posting
            GROUP BY 1, 2) s ON s.unit_id = v.unit_id AND s.business_on = v.business_on
        WHERE s.fen <> v.fen OR s.rows <> v.rows""",
}  # fmt: skip


_TRIAL = """SELECT p.debit, p.credit,
    coalesce(sum(CASE WHEN p.business_on < %s THEN p.amount_fen END), 0),
    coalesce(sum(CASE WHEN p.business_on >= %s THEN p.amount_fen END), 0)
    FROM ledger_posting p WHERE p.business_on <= %s {units} GROUP BY 1, 2"""


def turnover_pairs(unit_ids: Sequence[int] | None, from_on: date, until_on: date) -> list[tuple[int, int, int, int]]:
    """Sums by (debited, credited) account before a span of days and within it, in fen: the table is read once."""
    units = "" if unit_ids is None else f"AND p.unit_id IN ({', '.join(['%s'] * len(unit_ids)) or 'NULL'})"
    with connection.cursor() as cursor:
        cursor.execute(_TRIAL.format(units=units), [from_on, from_on, until_on, *(unit_ids or ())])
        return [(debit, credit, int(before), int(within)) for debit, credit, before, within in cursor.fetchall()]


_SHEET = """SELECT p.business_on, coalesce(sum(CASE WHEN p.debit = %s THEN p.amount_fen END), 0),
    coalesce(sum(CASE WHEN p.credit = %s THEN p.amount_fen END), 0), count(*)
    FROM ledger_posting p WHERE (p.debit = %s OR p.credit = %s) AND p.business_on BETWEEN %s AND %s {units}
    GROUP BY 1 ORDER BY 1"""


def days_of_account(
    code: int, unit_ids: Sequence[int] | None, from_on: date, until_on: date
) -> list[tuple[date, int, int, int]]:
    """Debit, credit (fen) and postings of a ledger account by business day. One read of the table."""
    units = "" if unit_ids is None else f"AND p.unit_id IN ({', '.join(['%s'] * len(unit_ids)) or 'NULL'})"
    with connection.cursor() as cursor:
        cursor.execute(_SHEET.format(units=units), [code, code, code, code, from_on, until_on, *(unit_ids or ())])
        rows = cursor.fetchall()
    return [(date.fromisoformat(day) if isinstance(day, str) else day, int(d), int(c), n) for day, d, c, n in rows]


def differences(kind: str) -> list[tuple[str, int, int]]:
    """What differs of one kind: (key, found, expected) in fen, at most some hundreds. Reads whole tables."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_DIFFERENCES[kind]} ORDER BY 1 LIMIT {_SHOWN}")
        return [(str(key), int(found), int(expected)) for key, found, expected in cursor.fetchall()]
