"""Proposing steps for a whole company: one statement finds who owes, what was done, what was promised, what comes next.

Tests compare it account by account with `rules.next_step` and `rules.promise_holds`.
"""

from __future__ import annotations

from django.db import connection

from mainstay.gas.arrears.models import DunningRun
from mainstay.kit.sqlkit import vendor

_PROPOSE = """
INSERT INTO arrears_dunningact (account_id, run_id, place, kind, "on", state, owed_fen, oldest_due_on, note)
WITH debt AS (
    SELECT i.account_id, sum(i.open_fen) AS owed_fen,
        min(CASE WHEN i.open_fen > 0 THEN i.due_on END) AS oldest_due_on
    FROM billing_openitem i LEFT JOIN billing_billingrun n ON n.id = i.run_id
    WHERE i.due_on < {on} AND (i.run_id IS NULL OR n.state = 'released')
    GROUP BY i.account_id
), owing AS (
    SELECT d.*, a.category FROM debt d JOIN customers_account a ON a.id = d.account_id
    JOIN organisation_unit u ON u.id = a.unit_id
    WHERE d.owed_fen > 0 AND u.path LIKE %s AND a.state <> 'closed'
), trail AS (
    SELECT o.account_id, max(c.place) AS place, max(c."on") AS last_on FROM owing o
    JOIN arrears_dunningact c ON c.account_id = o.account_id AND c.state = 'done' AND c."on" > o.oldest_due_on
    GROUP BY o.account_id
), promised AS (
    SELECT p.account_id FROM arrears_promise p JOIN arrears_promisepart t ON t.promise_id = p.id
    WHERE p.withdrawn_on IS NULL GROUP BY p.id, p.account_id, p."on"
    HAVING coalesce((SELECT sum(y.amount_fen) FROM payments_payment y
            WHERE y.account_id = p.account_id AND y.business_on >= p."on" AND y.kind IN (1, 2)), 0)
        BETWEEN sum(CASE WHEN t.due_on < {on} THEN t.fen ELSE 0 END) AND sum(t.fen) - 1
), ladder AS (
    SELECT o.account_id, o.owed_fen, o.oldest_due_on, s.place, s.kind, s.days_overdue, s.wait_days, s.min_fen,
        t.last_on
    FROM owing o LEFT JOIN trail t ON t.account_id = o.account_id
    JOIN arrears_dunningstep s ON s.category = o.category AND s.place = (SELECT min(x.place) FROM arrears_dunningstep x
        WHERE x.category = o.category AND x.place > coalesce(t.place, -1))
)
SELECT l.account_id, %s, l.place, l.kind, {on}, 'proposed', l.owed_fen, l.oldest_due_on, '' FROM ladder l
WHERE {late} >= l.days_overdue AND l.owed_fen >= l.min_fen AND (l.last_on IS NULL OR {waited} >= l.wait_days)
AND l.account_id NOT IN (SELECT account_id FROM promised)
AND NOT EXISTS (SELECT 1 FROM arrears_dunningact c JOIN arrears_dunningrun r ON r.id = c.run_id
    WHERE c.account_id = l.account_id AND c.state = 'proposed' AND r.state = 'proposed')"""


def propose(run: DunningRun) -> int:
    """Fill a run with the step that is due for every account of its branch and below; returns how many."""
    postgresql = vendor() == "postgresql"
    on = f"DATE '{run.on.isoformat()}'" if postgresql else f"'{run.on.isoformat()}'"
    days = "({on} - {day})" if postgresql else "CAST(julianday({on}) - julianday({day}) AS INTEGER)"
    statement = _PROPOSE.replace("{late}", days.replace("{day}", "l.oldest_due_on"))
    statement = statement.replace("{waited}", days.replace("{day}", "l.last_on")).replace("{on}", on)
    with connection.cursor() as cursor:
        cursor.execute(statement, [f"{run.unit.path}%", run.pk])
        return int(cursor.rowcount)
