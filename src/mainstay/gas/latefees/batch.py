"""Late fees by sets: the same fen as `rules.late_fee` for any number of bills, posted by INSERTs alone.

One statement finds what is late, what each fen of it cost by the day, and what of that was posted. Tests compare it row
by row with the rules. A run posts what it finds as accruals (docs/adr/0016-late-fees-accrued.md): one narrow row a
bill, one posting a branch. The fees of one account that pays become documents at once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction

from mainstay.gas.billing.batch.sql import Statements, statements
from mainstay.gas.billing.batch_accruals import FEE_COLUMNS, NEXT_SEQ, fees_table, take_up, write_fees
from mainstay.gas.billing.models import Bill
from mainstay.gas.ledger.batch import post_accruals
from mainstay.gas.payments.actions.money import settle_set
from mainstay.kit.sqlkit import checked_by_writer, lock, lock_shared, vendor

WORK, FEES = "latefees_work", "latefees_work_fees"
LOCK = "latefees.accrue"
AT_ONCE = 20_000  # accounts of one transaction; whoever charges one of them at a counter waits so long
_LATE_KINDS = "1, 2, 4, 5, 6, 13"  # bills, corrections, what was taken over, adjustments; never late fees themselves
_FEE, _REVERSAL = int(Bill.Kind.LATE_FEE), int(Bill.Kind.REVERSAL)

# What may owe a fee: open items past their due date, and bills that money came for since the last run.
_OPEN_OR_PAID = """
    SELECT i.account_id, i.period, i.seq FROM billing_openitem i
    WHERE i.account_id BETWEEN %(first)s AND %(last)s AND i.open_fen > 0 AND i.due_on < %(on)s
    UNION SELECT y.account_id, y.period, y.seq FROM payments_payment p
    JOIN payments_allocation y ON y.account_id = p.account_id AND y.payment_no = p.payment_no
    WHERE p.account_id BETWEEN %(first)s AND %(last)s AND p.business_on > %(since)s"""
# Of one account: whatever it ever owed.
_ALL = """
    SELECT b.account_id, b.period, b.seq FROM billing_bill b
    WHERE b.account_id BETWEEN %(first)s AND %(last)s AND b.due_on < %(on)s"""

_FEES = f"""
WITH rule AS (
    SELECT r.*, coalesce((SELECT min(n.from_on) FROM latefees_latefeerule n
        WHERE n.category = r.category AND n.from_on > r.from_on), {{end}}) AS until_on FROM latefees_latefeerule r
), late AS (
    SELECT b.account_id, b.period, b.seq, b.book_id, b.unit_id, b.version_id, b.persons, b.low_income, b.heating,
        b.contract_price_e4, b.amount_fen, b.due_on, a.category, r.daily_ppm,
        r.cap_bp, r.min_fee_fen, {{day:%(on)s}} AS today,
        {{day:b.due_on}} + r.grace_days AS free_day,
        {{day:b.due_on}} + CASE WHEN r.counts_from = 'grace' THEN r.grace_days ELSE 0 END AS start_day
    FROM ({{candidates}}) c
    JOIN billing_bill b ON b.account_id = c.account_id AND b.period = c.period AND b.seq = c.seq
    JOIN customers_account a ON a.id = b.account_id
    JOIN rule r ON r.category = a.category AND b.due_on >= r.from_on AND b.due_on < r.until_on
    LEFT JOIN billing_billingrun n ON n.id = b.run_id
    WHERE b.kind IN ({_LATE_KINDS}) AND b.amount_fen > 0 AND {{day:%(on)s}} > {{day:b.due_on}} + r.grace_days
    AND (b.kind NOT IN (1, 2, 4) OR b.volume_l >= r.min_volume_l) AND r.daily_ppm > 0
    AND (b.run_id IS NULL OR n.state = 'released') {{units}}
    AND a.id BETWEEN %(first)s AND %(last)s  -- as the candidates are, or PostgreSQL reads all accounts for each part
    AND NOT EXISTS (SELECT 1 FROM billing_bill v WHERE v.account_id = b.account_id AND v.period = b.period
        AND v.kind = {_REVERSAL} AND v.refers_seq = b.seq)
), reckoned AS MATERIALIZED (
    SELECT late.*, late.amount_fen * (today - start_day) - coalesce((
            SELECT CAST(sum(y.amount_fen * {{greatest}}(0, today - CASE WHEN {{day:y.business_on}} > free_day
                THEN {{day:y.business_on}} ELSE start_day END)) AS bigint)
            FROM payments_allocation y
            WHERE y.account_id = late.account_id AND y.period = late.period AND y.seq = late.seq), 0) AS exposure,
        coalesce((SELECT CAST(sum(f.amount_fen) AS bigint) FROM billing_bill f WHERE f.account_id = late.account_id
            AND f.period = late.period AND f.kind = {_FEE} AND f.refers_seq = late.seq), 0)
        + coalesce((SELECT CAST(sum(w.amount_fen) AS bigint) FROM billing_accrual w WHERE w.account_id = late.account_id
            AND w.period = late.period AND w.seq = late.seq), 0) AS posted_fen,
        (SELECT max(t.to_on) FROM (SELECT f.to_on FROM billing_bill f WHERE f.account_id = late.account_id
                AND f.period = late.period AND f.kind = {_FEE} AND f.refers_seq = late.seq
            UNION ALL SELECT w.to_on FROM billing_accrual w WHERE w.account_id = late.account_id
                AND w.period = late.period AND w.seq = late.seq) t) AS posted_on
    FROM late
), priced AS (
    SELECT reckoned.*, CASE WHEN exposure <= 0 THEN 0 ELSE {{least}}(
        (exposure * daily_ppm * 2 + 1000000) / 2000000, (amount_fen * cap_bp * 2 + 10000) / 20000) END AS fee_fen
    FROM reckoned
), due AS (
    SELECT priced.*, CASE WHEN posted_fen = 0 AND fee_fen < min_fee_fen THEN 0
        ELSE {{greatest}}(0, fee_fen - posted_fen) END AS new_fen FROM priced
)"""  # noqa: S608

_NEW = """
SELECT d.account_id, d.period, d.seq, coalesce(d.posted_on, {from_day}), d.due_on, d.new_fen, d.unit_id, d.category,
    d.today - d.start_day
FROM due d WHERE d.new_fen > 0 ORDER BY d.account_id, d.period, d.seq"""
_NEW_FEES = f"""
SELECT d.account_id, d.period, {NEXT_SEQ.format(row="d", later="")},
    {_FEE}, NULL, d.book_id, d.unit_id, d.version_id, coalesce(d.posted_on, {{from_day}}), %(on)s, 0, d.persons,
    d.low_income, d.heating, d.contract_price_e4, l.year_start_on, l.year_after_l, l.year_after_l, d.new_fen, 0,
    %(business_on)s, d.due_on, %(business_on)s, d.seq
FROM due d JOIN billing_bill l ON l.account_id = d.account_id AND l.period = d.period AND l.seq = (
    SELECT max(x.seq) FROM billing_bill x WHERE x.account_id = d.account_id AND x.period = d.period)
WHERE d.new_fen > 0"""  # noqa: S608


_UNITS = "AND a.unit_id IN (SELECT id FROM organisation_unit WHERE path LIKE %(path)s)"


def _statement(tail: str, *, candidates: str, units: bool) -> str:
    """Spell the reckoning for the database at hand: days are whole numbers on both."""
    postgresql = vendor() == "postgresql"
    on, business_on = "%(on)s", "%(business_on)s"
    text = (_FEES + tail).replace("{candidates}", candidates).replace("{units}", _UNITS if units else "")
    if postgresql:
        text = text.replace(on, f"CAST({on} AS date)").replace(business_on, f"CAST({business_on} AS date)")
        on = f"CAST({on} AS date)"
    for value in (on, "b.due_on", "y.business_on"):
        day = f"({value} - DATE '2000-01-01')" if postgresql else f"CAST(julianday({value}) - 2451544.5 AS INTEGER)"
        text = text.replace(f"{{day:{value}}}", day)
    words = {
        "{least}": "least" if postgresql else "min",
        "{greatest}": "greatest" if postgresql else "max",
        "{end}": "DATE '9999-12-31'" if postgresql else "'9999-12-31'",
        "{from_day}": "DATE '2000-01-01' + d.start_day" if postgresql else "date('2000-01-01', d.start_day || ' days')",
    }
    for word, spelled in words.items():
        text = text.replace(word, spelled)
    return text


def _named(statement: str, values: dict[str, Any]) -> tuple[str, list[Any]]:
    """Spell named parameters as places, in order, which both drivers take."""
    given: list[Any] = []

    def place(match: re.Match[str]) -> str:
        given.append(values[match.group(1)])
        return "%s"

    return re.sub(r"%\((\w+)\)s", place, statement), given


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose late fees: accounts `first` to `last` of the units below `path` ("" for all), up to and with `on`.

    `since`: bills that were paid after this day are looked at too, None: every bill of the accounts.
    """

    on: dt.date
    business_on: dt.date
    first: int
    last: int
    path: str = ""
    since: dt.date | None = None

    def statement(self, tail: str) -> tuple[str, list[Any]]:
        """The statement with its parameters."""
        candidates = _ALL if self.since is None else _OPEN_OR_PAID
        values = {
            "on": self.on, "business_on": self.business_on, "first": self.first, "last": self.last,
            "since": self.since, "path": f"{self.path}%",
        }  # fmt: skip
        return _named(_statement(tail, candidates=candidates, units=bool(self.path)), values)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The late fee of one bill as it stands, in fen: `fee_fen` in all, `posted_fen` of it, `new_fen` still to post."""

    account_id: int
    period: int
    seq: int
    due_on: dt.date
    amount_fen: int
    days: int
    daily_ppm: int
    fee_fen: int
    posted_fen: int
    new_fen: int


_SHOW = """
SELECT account_id, period, seq, due_on, amount_fen, today - start_day, daily_ppm, fee_fen, posted_fen, new_fen
FROM due WHERE fee_fen > 0 OR posted_fen > 0 ORDER BY due_on, period, seq"""


def reckon(scope: Scope) -> list[Reckoned]:
    """The late fees of some accounts, row by row (for a screen; for many accounts see `accrue`)."""
    statement, parameters = scope.statement(_SHOW)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[Any] = cursor.fetchall()
    return [Reckoned(*map(int, row[:3]), _day(row[3]), *map(int, row[4:])) for row in rows]  # type: ignore[call-arg, arg-type]


def _day(value: Any) -> dt.date:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def accrue(cursor: Statements, scope: Scope) -> int:
    """Put the fees to post of a scope into the work table; returns how many."""
    cursor.execute(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {WORK} (account_id bigint, period integer, seq smallint, from_on date, "
        "due_on date, amount_fen bigint, unit_id bigint, category varchar(12), days integer)"
    )
    cursor.execute(f"TRUNCATE {WORK}" if vendor() == "postgresql" else f"DELETE FROM {WORK}")  # noqa: S608
    statement, parameters = scope.statement(_NEW)
    return cursor.execute(f"INSERT INTO {WORK} {statement}", parameters).rowcount


_ACCRUE = f"""
    INSERT INTO billing_accrual (account_id, period, seq, run_id, from_on, to_on, due_on, business_on, amount_fen)
    SELECT account_id, period, seq, {{run}}, from_on, {{to_on}}, due_on, {{business_on}}, amount_fen FROM {WORK}"""  # noqa: S608


def post_work(cursor: Statements, scope: Scope, run_id: int, expected: int) -> None:
    """Insert what the work table holds as accruals of a run: a row a bill, a posting a branch."""
    day = "DATE '{}'" if vendor() == "postgresql" else "'{}'"
    on, business_on = day.format(scope.on.isoformat()), day.format(scope.business_on.isoformat())
    statement = _ACCRUE.format(run=int(run_id), to_on=on, business_on=business_on)
    with checked_by_writer(cursor):
        found = cursor.execute(statement).rowcount
        # In place of the guard: the work table comes from a join with the bills, which are never deleted.
        if found != expected:
            raise IntegrityError(f"{found} late fees accrued of {expected}")
    post_accruals(cursor, WORK, run_id, scope.first, scope.business_on)


def sums(cursor: Statements) -> tuple[int, int]:
    """How many fees the work table holds, and their sum in fen."""
    found = cursor.execute(f"SELECT count(*), coalesce(sum(amount_fen), 0) FROM {WORK}").fetchone()  # noqa: S608
    return (int(found[0]), int(found[1])) if found else (0, 0)


def by_class(cursor: Statements) -> list[tuple[str, int, int]]:
    """The work table by class of customer: (class, fees, fen)."""
    cursor.execute(f"SELECT category, count(*), sum(amount_fen) FROM {WORK} GROUP BY category ORDER BY category")  # noqa: S608
    return [(str(row[0]), int(row[1]), int(row[2])) for row in cursor.fetchall()]


def largest(cursor: Statements, count: int) -> list[tuple[int, int, int, int]]:
    """The largest fees of the work table: (account id, period, days, fen)."""
    cursor.execute(
        f"SELECT account_id, period, days, amount_fen FROM {WORK} ORDER BY amount_fen DESC, account_id LIMIT %s",  # noqa: S608
        [count],
    )
    return [(int(row[0]), int(row[1]), int(row[2]), int(row[3])) for row in cursor.fetchall()]


def settle_run(run_id: int, business_on: dt.date, by_id: int) -> None:
    """Let advances pay what a run accrued, as they pay new bills. Doing it again does nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.account_id FROM payments_advance v WHERE v.balance_fen > 0 AND EXISTS (SELECT 1 "
            "FROM billing_accrual a WHERE a.account_id = v.account_id AND a.run_id = %s)",
            [run_id],
        )
        found = [int(row[0]) for row in cursor.fetchall()]
    if found:
        settle_set(found, business_on=business_on, by_id=by_id)


def parts(path: str, after: int = 0) -> Iterator[tuple[int, int]]:
    """Ranges of account ids of a unit and below, of at most AT_ONCE accounts each, after account `after`."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT min(id), max(id) FROM (SELECT a.id FROM customers_account a JOIN organisation_unit u "
                "ON u.id = a.unit_id WHERE a.id > %s AND u.path LIKE %s ORDER BY a.id LIMIT %s) part",
                [after, f"{path}%", AT_ONCE],
            )
            first, last = cursor.fetchone()
            if first is None:
                return
            yield first, last
            after = last


def post_part(scope: Scope, run_id: int) -> tuple[int, int]:
    """Reckon and accrue the late fees of a scope in one transaction: (fees, fen). Doing it again posts nothing.

    Who charges one of these accounts at the same time waits, or is waited for, so no day is charged twice.
    """
    with transaction.atomic(), statements() as cursor:
        lock(LOCK, 0)
        count = accrue(cursor, scope)
        if not count:
            return 0, 0
        found = sums(cursor)
        post_work(cursor, scope, run_id, count)
        return found


def post_account(scope: Scope) -> list[tuple[int, int, int]]:
    """Post the late fees of one account inside the caller's transaction: (period, bill's seq, fee's seq)."""
    lock_shared(LOCK, 0)
    take_up([scope.first], scope.business_on)
    with statements() as cursor:
        fees_table(cursor, FEES)
        statement, parameters = scope.statement(_NEW_FEES)
        count = cursor.execute(f"INSERT INTO {FEES} ({FEE_COLUMNS}) {statement}", parameters).rowcount
        if not count:
            return []
        write_fees(cursor, FEES, count)
        rows = cursor.execute(f"SELECT period, refers_seq, seq FROM {FEES}").fetchall()  # noqa: S608
        return [(int(row[0]), int(row[1]), int(row[2])) for row in rows]
