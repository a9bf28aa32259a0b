"""Writing what the work tables hold: bills, charge lines, open items, and what the hooks add. Only INSERTs."""

from __future__ import annotations

from mainstay.gas.billing.batch.sql import Statements
from mainstay.gas.billing.batch.tables import BILL_COLUMNS, LINE, LINE_COLUMNS, WORK
from mainstay.gas.billing.hooks import run_after_bills

_BILLS = f"INSERT INTO billing_bill ({BILL_COLUMNS}) SELECT {BILL_COLUMNS} FROM {WORK}"  # noqa: S608
_LINES = f"INSERT INTO billing_chargeline ({LINE_COLUMNS}) SELECT {LINE_COLUMNS} FROM {LINE}"  # noqa: S608
_ITEMS = f"""
    INSERT INTO billing_openitem (account_id, period, seq, due_on, open_fen, run_id)
    SELECT account_id, period, seq, due_on, amount_fen, run_id FROM {WORK} WHERE amount_fen <> 0"""  # noqa: S608


def post(cursor: Statements) -> None:
    """Insert the bills of the work table (rows with a problem were taken out before) with all that belongs to them."""
    cursor.execute(_BILLS)
    cursor.execute(_LINES)
    cursor.execute(_ITEMS)
    run_after_bills(cursor, WORK)
