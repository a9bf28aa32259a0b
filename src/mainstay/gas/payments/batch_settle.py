"""Credits and advances used for what is owed, by sets: what `rules.settle` says of thousands of accounts at once.

Which credit met which debt leaves no trace: an allocation says how much moved on an item, and only these sums are
reckoned here. Each is a waterfall over the items in the order of their age:

1. a credit takes back the bill it refers to;
2. what is left of credits goes to debts of its own period, then to the oldest: where all credits are used up, a debt
   gets what those of its period reach, and the rest of all credits goes to the oldest debts;
3. credits still left go to the advance, and the advance to the oldest debts.

In step 2 the sums depend on the order of the credits when a period has several debts and is paid from outside as well.
Such accounts, and those with late fees accrued, are left to `rules.settle`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from mainstay.gas.ledger.chart import ADVANCE, RECEIVABLE
from mainstay.gas.ledger.models import Posting
from mainstay.kit.sqlkit import ids_table, vendor

ITEMS, ONCE, LEFT, MOVES = "payments_settling", "payments_settled_once", "payments_settling_more", "payments_settled"
_ROOM = 100_000
_SETTLEMENT = int(Posting.Document.SETTLEMENT)
_KEY = "account_id bigint NOT NULL, period integer NOT NULL, seq smallint NOT NULL"
_TABLES = {
    ITEMS: f"{_KEY}, due_on date NOT NULL, open_fen bigint NOT NULL, last_no integer NOT NULL, refers_seq smallint",
    ONCE: (
        f"{_KEY}, due_on date NOT NULL, open_fen bigint NOT NULL, last_no integer NOT NULL, first_fen bigint NOT NULL"
    ),
    LEFT: "account_id bigint NOT NULL",
    MOVES: (
        f"{_KEY}, open_fen bigint NOT NULL, last_no integer NOT NULL, netted_fen bigint NOT NULL, "
        "advanced_fen bigint NOT NULL, odd integer NOT NULL"
    ),
}
# Accounts with anything to settle: a credit or an advance. Bills of a run that is not released are nobody's debt yet.
_LOAD = f"""
    WITH {{wanted}}
    INSERT INTO {ITEMS} (account_id, period, seq, due_on, open_fen, last_no, refers_seq)
    SELECT i.account_id, i.period, i.seq, i.due_on, i.open_fen,
        coalesce((SELECT max(l.no) FROM payments_allocation l
            WHERE l.account_id = i.account_id AND l.period = i.period AND l.seq = i.seq), 0),
        CASE WHEN i.open_fen < 0 THEN (SELECT b.refers_seq FROM billing_bill b
            WHERE b.account_id = i.account_id AND b.period = i.period AND b.seq = i.seq) END
    FROM wanted w {{join}} billing_openitem i ON i.account_id = w.id LEFT JOIN billing_billingrun r ON r.id = i.run_id
    WHERE i.run_id IS NULL OR r.state = 'released'"""  # noqa: S608
_AGE = "due_on, period, seq"
_ONCE = f"""
    INSERT INTO {ONCE} (account_id, period, seq, due_on, open_fen, last_no, first_fen)
    WITH met AS (
        SELECT c.*, d.open_fen AS debt_fen, sum(-c.open_fen) OVER (
            PARTITION BY c.account_id, c.period, c.refers_seq ORDER BY c.due_on, c.seq) + c.open_fen AS before_fen
        FROM {ITEMS} c JOIN {ITEMS} d ON d.account_id = c.account_id AND d.period = c.period AND d.seq = c.refers_seq
        WHERE c.open_fen < 0 AND d.open_fen > 0
    ), referred AS (
        SELECT account_id, period, seq, refers_seq,
            {{least:-open_fen, {{greatest:0, debt_fen - before_fen}}}} AS used_fen
        FROM met
    )
    SELECT i.account_id, i.period, i.seq, i.due_on, i.open_fen, i.last_no,
        CASE WHEN i.open_fen < 0 THEN coalesce(c.used_fen, 0) ELSE coalesce(d.used_fen, 0) END
    FROM {ITEMS} i
    LEFT JOIN referred c ON c.account_id = i.account_id AND c.period = i.period AND c.seq = i.seq
    LEFT JOIN (SELECT account_id, period, refers_seq, sum(used_fen) AS used_fen FROM referred GROUP BY 1, 2, 3) d
        ON d.account_id = i.account_id AND d.period = i.period AND d.refers_seq = i.seq"""  # noqa: S608
# Accounts with a credit left, or an advance: only they go on.
_LEFT_OVER = f"""
    INSERT INTO {LEFT} (account_id)
    SELECT account_id FROM {ONCE} WHERE open_fen < 0 AND -open_fen > first_fen
    UNION SELECT o.account_id FROM {ONCE} o JOIN payments_advance v ON v.account_id = o.account_id
    WHERE v.balance_fen > 0"""  # noqa: S608
_DONE_AT_ONCE = f"""
    INSERT INTO {MOVES} (account_id, period, seq, open_fen, last_no, netted_fen, advanced_fen, odd)
    SELECT account_id, period, seq, open_fen, last_no, CASE WHEN open_fen < 0 THEN -first_fen ELSE first_fen END, 0, 0
    FROM {ONCE} WHERE first_fen <> 0 AND account_id NOT IN (SELECT account_id FROM {LEFT})"""  # noqa: S608
_MOVES = f"""
    INSERT INTO {MOVES} (account_id, period, seq, open_fen, last_no, netted_fen, advanced_fen, odd)
    WITH sided AS (
        SELECT account_id, period, seq, due_on, open_fen, last_no, first_fen,
            CASE WHEN open_fen < 0 THEN -open_fen - first_fen ELSE 0 END AS credit,
            CASE WHEN open_fen > 0 THEN open_fen - first_fen ELSE 0 END AS debt
        FROM {ONCE} WHERE account_id IN (SELECT account_id FROM {LEFT})
    ), summed AS (
        SELECT sided.*, {{sum:credit OVER account}} AS credits, {{sum:debt OVER account}} AS debts,
            {{sum:credit OVER aged}} - credit AS credits_before, {{sum:credit OVER month}} AS of_month,
            sum(CASE WHEN debt > 0 THEN 1 ELSE 0 END) OVER month AS debts_of_month,
            {{sum:debt OVER aged_month}} - debt AS debts_before
        FROM sided
        WINDOW account AS (PARTITION BY account_id), aged AS (PARTITION BY account_id ORDER BY {_AGE}),
            month AS (PARTITION BY account_id, period), aged_month AS (PARTITION BY account_id, period ORDER BY {_AGE})
    ), own AS (
        SELECT summed.*, {{greatest:0, {{least:debt, of_month - debts_before}}}} AS own_fen,
            {{greatest:0, {{least:credit, debts - credits_before}}}} AS used_fen
        FROM summed
    ), pooled AS (
        SELECT own.*, {{least:credits, debts}} - {{sum:own_fen OVER account}} AS pool,
            {{sum:debt - own_fen OVER aged}} - debt + own_fen AS wanting_before,
            {{sum:credit - used_fen OVER account}} AS spare_fen
        FROM own
        WINDOW account AS (PARTITION BY account_id), aged AS (PARTITION BY account_id ORDER BY {_AGE})
    ), paid AS (
        SELECT pooled.*, own_fen + {{greatest:0, {{least:debt - own_fen, pool - wanting_before}}}} AS paid_fen
        FROM pooled
    ), advanced AS (
        SELECT paid.*, {{sum:debt - paid_fen OVER aged}} - debt + paid_fen AS unpaid_before,
            coalesce(v.balance_fen, 0) + spare_fen AS advance_fen
        FROM paid LEFT JOIN payments_advance v ON v.account_id = paid.account_id
        WINDOW aged AS (PARTITION BY paid.account_id ORDER BY {_AGE})
    )
    SELECT account_id, period, seq, open_fen, last_no,
        CASE WHEN open_fen < 0 THEN -first_fen - used_fen ELSE first_fen + paid_fen END,
        CASE WHEN open_fen < 0 THEN used_fen - credit
            ELSE {{greatest:0, {{least:debt - paid_fen, advance_fen - unpaid_before}}}} END,
        CASE WHEN debts_of_month > 1 AND of_month > 0 AND pool > 0 AND credits < debts THEN 1 ELSE 0 END
    FROM advanced"""  # noqa: S608
_ODD = f"SELECT DISTINCT account_id FROM {MOVES} WHERE odd = 1"  # noqa: S608
_NOTHING = f"DELETE FROM {MOVES} WHERE netted_fen = 0 AND advanced_fen = 0"  # noqa: S608
_ACCRUED = f"""SELECT DISTINCT m.account_id FROM {MOVES} m
    JOIN billing_accrual a ON a.account_id = m.account_id"""  # noqa: S608
_NETTED = f"""
    INSERT INTO payments_allocation (account_id, period, seq, no, payment_no, amount_fen, business_on)
    SELECT account_id, period, seq, last_no + 1, NULL, netted_fen, %s FROM {MOVES} WHERE netted_fen <> 0"""  # noqa: S608
_NO = "last_no + CASE WHEN netted_fen <> 0 THEN 2 ELSE 1 END"
_ADVANCED = f"""
    INSERT INTO payments_allocation (account_id, period, seq, no, payment_no, amount_fen, business_on)
    SELECT account_id, period, seq, {_NO}, NULL, advanced_fen, %s FROM {MOVES} WHERE advanced_fen <> 0"""  # noqa: S608
_POSTED = f"""
    INSERT INTO ledger_posting (account_id, document, document_no, line, business_on, unit_id, till_id, debit, credit,
        amount_fen)
    SELECT m.account_id, {_SETTLEMENT}, (CAST(m.period AS bigint) * {_ROOM} + m.seq) * {_ROOM} + {_NO}, 1, %s,
        a.unit_id, CAST(NULL AS bigint), CASE WHEN advanced_fen > 0 THEN {ADVANCE} ELSE {RECEIVABLE} END,
        CASE WHEN advanced_fen > 0 THEN {RECEIVABLE} ELSE {ADVANCE} END, abs(advanced_fen)
    FROM {MOVES} m JOIN customers_account a ON a.id = m.account_id WHERE m.advanced_fen <> 0"""  # noqa: S608
_LEFT = "m.open_fen - m.netted_fen - m.advanced_fen"
_SAME = "m.account_id = {i}.account_id AND m.period = {i}.period AND m.seq = {i}.seq"
_IN_ITEMS = _SAME.format(i="billing_openitem")
_CLOSED = {
    "postgresql": f"DELETE FROM billing_openitem USING {MOVES} m WHERE {_IN_ITEMS} AND {_LEFT} = 0",  # noqa: S608
    "sqlite": f"""DELETE FROM billing_openitem WHERE rowid IN (SELECT i.rowid FROM {MOVES} m
        JOIN billing_openitem i ON {_SAME.format(i="i")} WHERE {_LEFT} = 0)""",  # noqa: S608
}
_OPEN = f"UPDATE billing_openitem SET open_fen = {_LEFT} FROM {MOVES} m WHERE {_IN_ITEMS} AND {_LEFT} <> 0"  # noqa: S608
_CHANGE = f"""(SELECT account_id, -sum(advanced_fen) AS fen FROM {MOVES} WHERE advanced_fen <> 0
    GROUP BY account_id) m"""  # noqa: S608
_ADVANCE = f"""UPDATE payments_advance SET balance_fen = balance_fen + m.fen FROM {_CHANGE}
    WHERE m.account_id = payments_advance.account_id"""  # noqa: S608
_FIRST_ADVANCE = f"""INSERT INTO payments_advance (account_id, balance_fen) SELECT m.account_id, m.fen FROM {_CHANGE}
    WHERE m.fen <> 0 AND NOT EXISTS (SELECT 1 FROM payments_advance v WHERE v.account_id = m.account_id)"""  # noqa: S608
_TOUCHED = f"SELECT count(DISTINCT account_id) FROM {MOVES}"  # noqa: S608


def settle_by_sets(cursor: Any, account_ids: Sequence[int], business_on: date) -> tuple[int, list[int]]:
    """Settle accounts, which the caller has locked; returns how many had anything to settle, and those left undone.

    The latter have to be settled by `rules.settle`. Nobody is refused here: the caller sees to it that the day is open
    for the branches of these accounts.
    """
    _make_tables(cursor)
    wanted, parameters = ids_table("wanted", list(account_ids))
    cursor.execute(_LOAD.format(wanted=wanted, join="JOIN" if vendor() == "postgresql" else "CROSS JOIN"), parameters)
    for statement in (_ONCE, _LEFT_OVER, _DONE_AT_ONCE, _MOVES):
        cursor.execute(_spelt(statement, vendor()))
    odd = _taken_out(cursor, _ODD)
    cursor.execute(_NOTHING)
    odd += _taken_out(cursor, _ACCRUED)
    cursor.execute(_TOUCHED)
    touched = int(cursor.fetchall()[0][0])
    if touched:
        for statement in (_NETTED, _ADVANCED, _POSTED):
            cursor.execute(statement, [business_on])
        for statement in (_CLOSED[vendor()], _OPEN, _ADVANCE, _FIRST_ADVANCE):
            cursor.execute(statement)
    return touched, odd


def _taken_out(cursor: Any, chosen: str) -> list[int]:
    """Leave out the accounts that a statement names; returns them."""
    cursor.execute(chosen)
    found = [int(row[0]) for row in cursor.fetchall()]
    if found:
        cursor.execute(f"DELETE FROM {MOVES} WHERE account_id IN ({chosen})")  # noqa: S608
    return found


def _make_tables(cursor: Any) -> None:
    for name, columns in _TABLES.items():
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({columns})")
        cursor.execute(f"TRUNCATE {name}" if vendor() == "postgresql" else f"DELETE FROM {name}")  # noqa: S608


@cache
def _spelt(statement: str, database: str) -> str:
    """A statement with its least and greatest as a database writes them; sums of windows stay whole numbers."""
    least, greatest = ("least", "greatest") if database == "postgresql" else ("min", "max")
    statement = re.sub(r"\{sum:([^}]*) OVER (\w+)\}", r"CAST(sum(\1) OVER \2 AS bigint)", statement)
    return statement.replace("{least:", f"{least}(").replace("{greatest:", f"{greatest}(").replace("}", ")")


__all__ = ["settle_by_sets"]
