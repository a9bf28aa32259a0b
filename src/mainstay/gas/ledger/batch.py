"""Postings by sets: the same rows as `rules`, for thousands of documents in one statement."""

from __future__ import annotations

from mainstay.gas.billing.hooks import Cursor
from mainstay.gas.ledger.chart import RECEIVABLE, REVENUE, VAT

_BILL = 1
_ROOM = 100_000
_COLUMNS = "account_id, document, document_no, line, business_on, unit_id, till_id, debit, credit, amount_fen"


def _side(line: int, other: int, amount: str, table: str) -> str:
    # A bill debits the receivable; a negative one credits it, so that the amount posted stays positive.
    return f"""
        SELECT account_id, {_BILL}, CAST(period AS bigint) * {_ROOM} + seq, {line}, business_on, unit_id,
            CAST(NULL AS bigint),
            CASE WHEN {amount} > 0 THEN {RECEIVABLE} ELSE {other} END,
            CASE WHEN {amount} > 0 THEN {other} ELSE {RECEIVABLE} END, abs({amount})
        FROM {table} WHERE {amount} <> 0"""  # noqa: S608


def post_bills(cursor: Cursor, table: str) -> None:
    """Post every bill of `table` (see billing.hooks): receivable against revenue net of VAT, and against VAT."""
    sides = [_side(1, REVENUE, "(amount_fen - vat_fen)", table), _side(2, VAT, "vat_fen", table)]
    cursor.execute(f"INSERT INTO ledger_posting ({_COLUMNS}) {' UNION ALL '.join(sides)}")  # noqa: S608
