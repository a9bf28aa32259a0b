"""Late fees as elements of the chain: written by sets, and made of what a run accrued.

A run leaves one narrow row a late bill (`models.Accrual`) and one posting a branch. Before anything else happens to an
account's money or bills, `take_up` makes each of its rows the late fee it stands for: the same days, the same fen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, connection

from mainstay.gas.billing.batch.sql import Statements, statements
from mainstay.gas.billing.batch.tables import BILL_COLUMNS
from mainstay.gas.billing.hooks import ACCRUED, run_after_bills
from mainstay.gas.billing.models import Bill
from mainstay.gas.billing.queries_days import closed_units, refuse_closed_day
from mainstay.kit.dates import local_today
from mainstay.kit.sqlkit import among, checked_by_writer, vendor

FEE_COLUMNS = BILL_COLUMNS.removesuffix(", readings, reason")
LATE_FEE = int(Bill.Kind.LATE_FEE)
AT_ONCE = 500  # accounts of one statement

# The place of a new element behind the last of its period, in the order of the bills; {later} tells two of one apart.
NEXT_SEQ = (
    "(SELECT max(x.seq) FROM billing_bill x WHERE x.account_id = {row}.account_id AND x.period = {row}.period) "
    "+ row_number() OVER (PARTITION BY {row}.account_id, {row}.period ORDER BY {row}.seq{later})"
)
_SEQ = NEXT_SEQ.format(row="a", later=", a.run_id")
_WAITING = f"""SELECT {{columns}} FROM (SELECT a.period, {_SEQ} AS seq, a.due_on, a.amount_fen, a.from_on, a.to_on
    FROM billing_accrual a WHERE a.account_id = {{account}}) waiting"""  # noqa: S608
_TAKE = f"""
    INSERT INTO {ACCRUED} ({FEE_COLUMNS}, accrued_by)
    SELECT a.account_id, a.period, {_SEQ}, {LATE_FEE}, NULL, b.book_id, b.unit_id, b.version_id, a.from_on, a.to_on, 0,
        b.persons, b.low_income, b.heating, b.contract_price_e4, l.year_start_on, l.year_after_l, l.year_after_l,
        a.amount_fen, 0, a.business_on, a.due_on, %s, a.seq, a.run_id
    FROM billing_accrual a
    JOIN billing_bill b ON b.account_id = a.account_id AND b.period = a.period AND b.seq = a.seq
    JOIN billing_bill l ON l.account_id = a.account_id AND l.period = a.period AND l.seq = (
        SELECT max(x.seq) FROM billing_bill x WHERE x.account_id = a.account_id AND x.period = a.period)
    WHERE {{chosen}}"""  # noqa: S608
_GONE = f"""
    DELETE FROM billing_accrual WHERE EXISTS (
        SELECT 1 FROM {ACCRUED} w WHERE w.account_id = billing_accrual.account_id
        AND w.period = billing_accrual.period AND w.refers_seq = billing_accrual.seq
        AND w.accrued_by = billing_accrual.run_id) AND {{chosen}}"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class WaitingFee:
    """A late fee accrued, as it will stand in the chain: `seq` is its own if nothing else comes before it."""

    period: int
    seq: int
    due_on: date
    amount_fen: int
    from_on: date
    to_on: date


def waiting(account: str, columns: str = "*") -> str:
    """SQL that gives the late fees accrued of the account that the SQL `account` names, as WaitingFee has them."""
    return _WAITING.format(account=account, columns=columns)


def waiting_fees(account_id: int) -> list[WaitingFee]:
    """Late fees of an account that were accrued and have no document yet. One query."""
    with connection.cursor() as cursor:
        cursor.execute(waiting("%s"), [account_id])
        rows = cursor.fetchall()
    return sorted(
        (WaitingFee(row[0], int(row[1]), _day(row[2]), row[3], _day(row[4]), _day(row[5])) for row in rows),
        key=lambda one: (one.period, one.seq),
    )


def _day(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def fees_table(cursor: Statements, name: str, more: str = "") -> None:
    """Make the temporary table of new late fees, or empty it: the columns of a bill without readings and reason."""
    columns = ", ".join(f"{column} {_kind_of(column)}" for column in FEE_COLUMNS.split(", "))
    cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({columns}{more})")
    cursor.execute(f"TRUNCATE {name}" if vendor() == "postgresql" else f"DELETE FROM {name}")  # noqa: S608


def _kind_of(column: str) -> str:
    if column.endswith("_on"):
        return "date"
    return "bool" if column in {"low_income", "heating"} else "bigint"


def write_fees(cursor: Statements, table: str, expected: int) -> None:
    """Insert what a table of late fees holds: the elements of the chains, their open items, their postings.

    Raises IntegrityError when that is not what was expected: one fee a row, each with the bill it refers to.
    """
    empty = "CAST('[]' AS jsonb)" if vendor() == "postgresql" else "'[]'"
    with checked_by_writer(cursor):
        bills = cursor.execute(
            f"INSERT INTO billing_bill ({BILL_COLUMNS}) SELECT {FEE_COLUMNS}, {empty}, '' FROM {table}"  # noqa: S608
        ).rowcount
        items = cursor.execute(
            "INSERT INTO billing_openitem (account_id, period, seq, due_on, open_fen, run_id) "  # noqa: S608
            f"SELECT account_id, period, seq, due_on, amount_fen, NULL FROM {table}"
        ).rowcount
        run_after_bills(cursor, table, collectable=False)
        # In place of the guards: the table comes from a join with the bills and accounts, and all else from the table.
        if not bills == items == expected:
            raise IntegrityError(f"{bills} late fees and {items} open items of {expected}")


def take_up(account_ids: Sequence[int], business_on: date) -> int:
    """Make what was accrued of some accounts documents, inside the caller's transaction; returns how many.

    They are posted on `business_on`, or today where that day is closed by now for their branch. Whoever calls holds
    the accounts locked. Raises Problem when today is closed as well.
    """
    made = 0
    with statements() as cursor:
        for first in range(0, len(account_ids), AT_ONCE):
            made += _take_up(cursor, account_ids[first : first + AT_ONCE], business_on)
    return made


def _take_up(cursor: Statements, account_ids: Sequence[int], business_on: date) -> int:
    fees_table(cursor, ACCRUED, ", accrued_by bigint")
    chosen, numbers = among("a.account_id", account_ids)
    found = cursor.execute(_TAKE.format(chosen=chosen), [business_on, *numbers]).rowcount
    if not found:
        return 0
    units = {row[0] for row in cursor.execute(f"SELECT DISTINCT unit_id FROM {ACCRUED}").fetchall()}  # noqa: S608
    if closed_units(business_on) & units:
        refuse_closed_day(units, local_today())
        cursor.execute(f"UPDATE {ACCRUED} SET business_on = %s", [local_today()])  # noqa: S608
    write_fees(cursor, ACCRUED, found)
    chosen, numbers = among("billing_accrual.account_id", account_ids)
    gone = cursor.execute(_GONE.format(chosen=chosen), numbers).rowcount
    if gone != found:
        raise IntegrityError(f"{gone} accrued late fees of {found}")
    return found
