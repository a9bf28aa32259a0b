"""Writing bills made again by sets: the rows of the rebilling, terms, bills, lines, open items, and what hooks add."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError

from mainstay.gas.billing.batch import again_sql as sql
from mainstay.gas.billing.batch.again import BILL, Again, Found
from mainstay.gas.billing.batch.post import ITEMS, READING_OF_WORK
from mainstay.gas.billing.batch.price import FAST, write_lines
from mainstay.gas.billing.batch.sql import dialect
from mainstay.gas.billing.batch.tables import BILL_COLUMNS, LINE, WORK, clear_rated
from mainstay.gas.billing.hooks import run_after_bills
from mainstay.kit.sqlkit import checked_by_writer, ids_table, vendor

_FACTS = ", ".join(f"w.{name.strip()}" for name in BILL_COLUMNS.removesuffix(", readings, reason").split(","))
_BILLS = f"INSERT INTO billing_bill ({BILL_COLUMNS}) SELECT {_FACTS}, {{readings}}, %s FROM {WORK} w"  # noqa: S608
_LIKE = """ {{join}} billing_bill x ON x.account_id = w.account_id AND x.period = w.period AND x.seq = {seq}
    WHERE w.lane IN ({lanes})"""
_LIKE_BASE = _LIKE.format(seq="w.refers_seq", lanes=f"{sql.OTHER}, {sql.MOVED}")
_LIKE_LAST = _LIKE.format(seq="w.seq - 1", lanes=sql.HANDED)
_COUNT = f"SELECT count(*), count(run_id) FROM {WORK}"  # noqa: S608
# What is appended to bills of a run that is not released yet counts with the run: its sums stay true.
_OF_RUN = f"""SELECT {{keys}}, sum(CASE WHEN kind IN (1, 2, 4) THEN 1 WHEN kind = 3 THEN -1 ELSE 0 END) AS bills,
        sum(amount_fen) AS amount_fen, sum(volume_l) AS volume_l
    FROM {WORK} WHERE run_id IS NOT NULL GROUP BY {{keys}}"""  # noqa: S608
_ADDED = "bills = {t}.bills + n.bills, amount_fen = {t}.amount_fen + n.amount_fen, volume_l = {t}.volume_l + n.volume_l"
_CHUNKS = f"""UPDATE billing_runchunk SET {_ADDED.format(t="billing_runchunk")}
    FROM ({_OF_RUN.format(keys="run_id, book_id")}) n
    WHERE billing_runchunk.run_id = n.run_id AND billing_runchunk.book_id = n.book_id"""  # noqa: S608
_RUNS = f"""UPDATE billing_billingrun SET {_ADDED.format(t="billing_billingrun")}
    FROM ({_OF_RUN.format(keys="run_id")}) n
    WHERE billing_billingrun.id = n.run_id AND billing_billingrun.state = 'computed'"""  # noqa: S608

_PARTS = """
            OR EXISTS (SELECT 1 FROM billing_bill c WHERE c.account_id = i.account_id AND c.period = i.period
                AND c.seq = i.seq AND c.kind = 5 AND c.refers_seq = l.base)"""
_ROWS = f"""
    UPDATE billing_rebillingrow SET state = %(after)s, bills = n.bills, old_fen = n.old_fen, new_fen = n.new_fen,
        other_fen = n.other_fen, paid_fen = n.paid_fen, size_fen = abs(n.new_fen - n.old_fen + n.other_fen), detail = ''
    FROM (
        SELECT s.account_id, s.bills, s.old_fen, s.new_fen, s.other_fen,
            s.old_fen - coalesce(o.open_fen, 0) AS paid_fen
        FROM (
            SELECT account_id, sum(CASE WHEN kind = {{counted}} THEN 1 ELSE 0 END) AS bills,
                sum(CASE WHEN kind = 3 THEN -amount_fen ELSE 0 END) AS old_fen,
                sum(CASE WHEN kind = 4 THEN amount_fen ELSE 0 END) AS new_fen,
                sum(CASE WHEN kind IN (3, 4) THEN 0 ELSE amount_fen END) AS other_fen
            FROM {WORK} GROUP BY account_id
        ) s LEFT JOIN (
            SELECT l.account_id, sum(i.open_fen) AS open_fen FROM {sql.LIVE} l {{join}} billing_openitem i
                ON i.account_id = l.account_id AND i.period = l.period AND (i.seq = l.base{{parts}})
            WHERE l.chosen AND l.is_live GROUP BY l.account_id
        ) o ON o.account_id = s.account_id
    ) n WHERE billing_rebillingrow.rebilling_id = %(id)s AND billing_rebillingrow.account_id = n.account_id"""  # noqa: S608
_NOTHING = f"""
    WITH {{wanted}}
    UPDATE billing_rebillingrow SET state = 'nothing', detail = ''
    WHERE rebilling_id = %s AND account_id IN (SELECT id FROM wanted)
        AND NOT EXISTS (SELECT 1 FROM {sql.ACCOUNT} k WHERE k.account_id = billing_rebillingrow.account_id)"""  # noqa: S608
# SQLite would begin an UPDATE … FROM with all terms that stand open, so it is given the rows.
_OPEN_TERMS = """t.account_id = k.account_id AND NOT k.slow AND t.until_on IS NULL AND t.plan_id <> %(plan)s
        AND t.from_on {begins} k.first_on"""
_TERMS = {
    "postgresql": f"UPDATE tariffs_terms t SET {{change}} FROM {sql.ACCOUNT} k WHERE {_OPEN_TERMS}",  # noqa: S608
    "sqlite": f"""UPDATE tariffs_terms SET {{change}} WHERE rowid IN (
        SELECT t.rowid FROM {sql.ACCOUNT} k CROSS JOIN tariffs_terms t ON {_OPEN_TERMS})""",  # noqa: S608
}
_FIRST_ON = {
    "postgresql": "k.first_on",
    "sqlite": f"(SELECT k.first_on FROM {sql.ACCOUNT} k WHERE k.account_id = tariffs_terms.account_id)",  # noqa: S608
}
_PLAN_AFTER = f"""
    INSERT INTO tariffs_terms (account_id, from_on, until_on, plan_id, persons, low_income, heating, contract_price_e4)
    SELECT t.account_id, k.first_on, NULL, %(plan)s, t.persons, t.low_income, t.heating, t.contract_price_e4
    FROM {sql.ACCOUNT} k {{join}} tariffs_terms t ON t.account_id = k.account_id AND t.until_on = k.first_on
    WHERE NOT k.slow AND NOT EXISTS (SELECT 1 FROM tariffs_terms o
        WHERE o.account_id = k.account_id AND o.until_on IS NULL)"""  # noqa: S608


def count_part(again: Again, account_ids: Sequence[int], after: str) -> tuple[int, ...]:
    """State in the rows what accounts come to, as `after`; nothing else is written. Returns those left to `remake`."""
    found = again.compute(account_ids)
    if found.others:
        again.cursor.execute(sql.NET)
    _put_rows(again, found, account_ids, after)
    return found.slow


def _put_rows(again: Again, found: Found, account_ids: Sequence[int], after: str) -> None:
    """The rows of the accounts in the work table, and of those without a chosen bill.

    Before anything is written: what is paid is what the bills came to less what is open of them.
    """
    wanted = again.wanted
    rows = _ROWS.replace("{parts}", _PARTS if found.corrected else "")
    rows = rows.replace("{counted}", "4" if wanted.mode == BILL else "3")
    again.cursor.execute(dialect(rows, vendor()), {"after": after, "id": wanted.rebilling_id})
    if found.accounts == len(account_ids):
        return
    given, parameters = ids_table("wanted", account_ids)
    again.cursor.execute(_NOTHING.format(wanted=given), [*parameters, wanted.rebilling_id])


def post(again: Again, account_ids: Sequence[int], after: str) -> tuple[int, ...]:
    """Make the bills of accounts again, inside the caller's transaction; returns the accounts left to `remake`.

    The caller holds the accounts locked. Raises IntegrityError when a bill lacks.
    """
    found, cursor = again.compute(account_ids), again.cursor
    if found.others:
        clear_rated(cursor)
        write_lines(cursor, fees=again.tables.has_fees, lane=sql.MOVED, into=LINE)
        cursor.execute(sql.NET)
    _put_rows(again, found, account_ids, after)
    _put_terms(again)
    with checked_by_writer(cursor):
        expected, hidden = cursor.execute(_COUNT).fetchall()[0]
        bills = _put_bills(again, found)
        write_lines(cursor, fees=again.tables.has_fees)
        cursor.execute(dialect(sql.netted_lines_sql(corrected=found.corrected, moved=found.others), vendor()))
        if found.charged:
            cursor.execute(sql.CHARGE_LINES)
        cursor.execute(ITEMS)
        if hidden:
            cursor.execute(_CHUNKS)
            cursor.execute(_RUNS)
        run_after_bills(cursor, WORK, collectable=True)
        # In place of the guards: bills come from a join with the bills they follow, all else from the work table.
        if bills != expected:
            raise IntegrityError(f"{bills} bills of {expected}")
    return found.slow


def _put_bills(again: Again, found: Found) -> int:
    cursor, reason = again.cursor, again.wanted.reason
    empty = "'[]'"
    if vendor() == "postgresql":
        empty = "CAST('[]' AS jsonb)"
    made = 0
    for readings, where in (
        (READING_OF_WORK[vendor()], f" WHERE w.lane = {FAST}"),
        ("x.readings", _LIKE_BASE),
        ("x.readings", _LIKE_LAST),
        (empty, f" WHERE w.lane = {sql.CHARGE}"),
    ):
        if readings != empty or found.charged:
            made += cursor.execute(dialect(_BILLS.replace("{readings}", readings) + where, vendor()), [reason]).rowcount
    return made


def _put_terms(again: Again) -> None:
    """Lay the right plan over the terms: those that begin later change, one that holds already is cut in two."""
    if again.wanted.plan is None:
        return
    database, facts = vendor(), {"plan": again.wanted.plan}
    until = f"until_on = {_FIRST_ON[database]}"
    for change, begins in (("plan_id = %(plan)s", ">="), (until, "<")):
        again.cursor.execute(_TERMS[database].replace("{change}", change).replace("{begins}", begins), facts)
    again.cursor.execute(dialect(_PLAN_AFTER, database), facts)
