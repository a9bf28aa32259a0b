"""Writing what the work tables hold: bills, charge lines, open items, and what the hooks add. Only INSERTs."""

from __future__ import annotations

from django.db import IntegrityError

from mainstay.gas.billing.batch.price import FAST, SLOW, write_lines
from mainstay.gas.billing.batch.sql import Statements
from mainstay.gas.billing.batch.tables import BILL_COLUMNS, LINE, LINE_COLUMNS, RATED, WORK
from mainstay.gas.billing.hooks import run_after_bills
from mainstay.kit.sqlkit import checked_by_writer, vendor

_FACTS = ", ".join(f"w.{name.strip()}" for name in BILL_COLUMNS.removesuffix(", readings, reason").split(","))
_READING = (
    "'[[' || w.installation_id || ',' || w.reading_seq || ',' || w.previous_index_l || ',' || w.index_l || ',' "
    "|| w.volume_l || ']]'"
)
READING_OF_WORK = {"postgresql": f"CAST({_READING} AS jsonb)", "sqlite": _READING}
_BILLS = f"""
    INSERT INTO billing_bill ({BILL_COLUMNS})
    SELECT {_FACTS}, {{json}}, '' FROM {WORK} w WHERE w.lane = {FAST}"""  # noqa: S608
_RATED_BILLS = f"""
    INSERT INTO billing_bill ({BILL_COLUMNS})
    SELECT {_FACTS}, m.readings, m.reason FROM {WORK} w
    JOIN {RATED} m ON m.account_id = w.account_id AND m.period = w.period AND m.seq = w.seq
    WHERE w.lane = {SLOW}"""  # noqa: S608
_RATED_LINES = f"INSERT INTO billing_chargeline ({LINE_COLUMNS}) SELECT {LINE_COLUMNS} FROM {LINE}"  # noqa: S608
ITEMS = f"""
    INSERT INTO billing_openitem (account_id, period, seq, due_on, open_fen, run_id)
    SELECT account_id, period, seq, due_on, amount_fen, run_id FROM {WORK} WHERE amount_fen <> 0"""  # noqa: S608


# What the guards of the tables would look for row by row. Bills come from a join with their accounts, which are never
# deleted; lines, items and postings are made from the work table, so they have their bill if it has its row there.
_ORPHANS = f"""
    SELECT count(*) FROM {LINE} l WHERE NOT EXISTS (
        SELECT 1 FROM {WORK} w WHERE w.account_id = l.account_id AND w.period = l.period AND w.seq = l.seq)"""  # noqa: S608


def post_run(cursor: Statements, expected: int, *, fees: bool, rated: bool) -> None:
    """Insert the `expected` bills of a chunk with all that belongs to them (rows with a problem were taken out before).

    `fees`: some schedule has allowances or fees; `rated`: some rows were rated one by one. Raises IntegrityError when
    what was written is not what was expected.
    """
    with checked_by_writer(cursor):
        bills = cursor.execute(_BILLS.replace("{json}", READING_OF_WORK[vendor()])).rowcount
        write_lines(cursor, fees=fees)
        if rated:
            bills += _post_rated(cursor)
        cursor.execute(ITEMS)
        run_after_bills(cursor, WORK, collectable=False)
        _check_references(cursor, bills, expected, rated=rated)


def _check_references(cursor: Statements, bills: int, expected: int, *, rated: bool) -> None:
    """The set-wise check in place of the guards: every row of the work table became a bill, every line has its row."""
    orphans = cursor.execute(_ORPHANS).fetchall()[0][0] if rated else 0
    if bills != expected or orphans:
        raise IntegrityError(f"{bills} bills of {expected} usages, {orphans} lines without a bill")


def post_rated(cursor: Statements) -> None:
    """Insert bills rated one by one, which can be collected at once, with all that belongs to them."""
    _post_rated(cursor)
    cursor.execute(ITEMS)
    run_after_bills(cursor, WORK, collectable=True)


def _post_rated(cursor: Statements) -> int:
    bills = cursor.execute(_RATED_BILLS).rowcount
    cursor.execute(_RATED_LINES)
    return bills
