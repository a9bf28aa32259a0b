"""Proposing steps for a whole company: one statement finds who owes, what was done, what was promised, what comes next.

Tests compare it account by account with `rules.next_step` and `rules.promise_holds`.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from mainstay.core.events.providers import provide
from mainstay.core.jobs.models import Schedule
from mainstay.core.todos.actions import open_todo
from mainstay.core.todos.models import Todo
from mainstay.gas.arrears.models import DunningRun
from mainstay.kit.money import yuan
from mainstay.kit.sqlkit import vendor

LOOK_JOB, BROKEN, RESTORE = "arrears.look", "arrears.broken", "arrears.restore"

# What is owed is summed table by table: of the view billing_owed PostgreSQL cannot guess how many accounts it holds,
# and would look up one by one what it should join.
_PROPOSE = """
INSERT INTO arrears_dunningact (account_id, run_id, place, kind, "on", state, owed_fen, oldest_due_on, note)
WITH bills AS (
    SELECT i.account_id, sum(i.open_fen) AS fen, min(CASE WHEN i.open_fen > 0 THEN i.due_on END) AS oldest_on
    FROM billing_openitem i LEFT JOIN billing_billingrun n ON n.id = i.run_id
    WHERE i.due_on < {on} AND (i.run_id IS NULL OR n.state = 'released') GROUP BY i.account_id
), fees AS (
    SELECT f.account_id, sum(f.amount_fen) AS fen, min(f.due_on) AS oldest_on
    FROM billing_accrual f WHERE f.due_on < {on} GROUP BY f.account_id
), debt AS (
    SELECT a.id AS account_id, a.category, coalesce(b.fen, 0) + coalesce(f.fen, 0) AS owed_fen,
        CASE WHEN f.oldest_on < b.oldest_on THEN f.oldest_on ELSE coalesce(b.oldest_on, f.oldest_on) END
            AS oldest_due_on
    FROM customers_account a JOIN organisation_unit u ON u.id = a.unit_id
    LEFT JOIN bills b ON b.account_id = a.id LEFT JOIN fees f ON f.account_id = a.id
    WHERE u.path LIKE %s AND a.state <> 'closed'
), owing AS (
    SELECT d.* FROM debt d WHERE d.owed_fen > 0
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
AND l.account_id NOT IN (SELECT p.account_id FROM promised p)
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


_BROKEN = """
    SELECT p.account_id, a.account_no, a.unit_id, sum(CASE WHEN t.due_on < %s THEN t.fen ELSE 0 END) - coalesce((
        SELECT sum(y.amount_fen) FROM payments_payment y
        WHERE y.account_id = p.account_id AND y.business_on >= p."on" AND y.kind IN (1, 2)), 0) AS missing
    FROM arrears_promise p JOIN arrears_promisepart t ON t.promise_id = p.id
    JOIN customers_account a ON a.id = p.account_id
    WHERE p.withdrawn_on IS NULL
    AND EXISTS (SELECT 1 FROM billing_owed i
        WHERE i.account_id = p.account_id AND i.open_fen > 0 AND i.due_on < %s
        AND (i.run_id IS NULL OR i.run_id IN (SELECT n.id FROM billing_billingrun n WHERE n.state = 'released')))
    GROUP BY p.id, p.account_id, p."on", a.account_no, a.unit_id
    HAVING sum(CASE WHEN t.due_on < %s THEN t.fen ELSE 0 END) > coalesce((
        SELECT sum(y.amount_fen) FROM payments_payment y
        WHERE y.account_id = p.account_id AND y.business_on >= p."on" AND y.kind IN (1, 2)), 0)"""
_PAID = """
    SELECT c.account_id, a.account_no, a.unit_id FROM arrears_dunningact c
    JOIN customers_account a ON a.id = c.account_id
    WHERE c.kind = 'stop' AND c.stopped_on IS NOT NULL AND c.restored_on IS NULL AND a.state = 'suspended'
    AND c.account_id NOT IN (
        SELECT i.account_id FROM billing_owed i JOIN arrears_dunningact s ON s.account_id = i.account_id
        WHERE s.kind = 'stop' AND s.stopped_on IS NOT NULL AND s.restored_on IS NULL AND i.due_on < %s
        AND (i.run_id IS NULL OR i.run_id IN (SELECT n.id FROM billing_billingrun n WHERE n.state = 'released'))
        GROUP BY i.account_id, s.id HAVING sum(i.open_fen) > 0)"""


def broken_promises(on: date) -> list[tuple[int, str, int, int]]:
    """(account, its number, branch, fen missing) of promises that a part of is late on a day. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN, [on, on, on])
        return [(int(a), str(no), int(unit), int(fen)) for a, no, unit, fen in cursor.fetchall()]


def paid_after_stop(on: date) -> list[tuple[int, str, int]]:
    """(account, its number, branch) whose supply was stopped for a debt that is paid by a day. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_PAID, [on])
        return [(int(a), str(no), int(unit)) for a, no, unit in cursor.fetchall()]


@provide("install_schedules")
def install_schedule() -> None:
    """Let broken promises and paid stops be looked for every hour, unless somebody has set another rhythm already."""
    Schedule.objects.get_or_create(kind=LOOK_JOB, defaults={"every_minutes": 60, "next_at": timezone.now()})


def look_after(today: date) -> tuple[int, int]:
    """Open a to-do for each broken promise and each stop whose debt is paid; close those that are settled by now.

    Returns how many of each there are. Doing it again changes nothing.
    """
    broken, paid = broken_promises(today), paid_after_stop(today)
    for account, number, unit_id, fen in broken:
        amount = yuan(fen)
        _remind(
            BROKEN,
            account,
            unit_id,
            "gas.arrears.record_promise",
            (
                f"用户 {number} 未按承诺缴费，差 {amount} 元",
                f"Account {number} broke its promise: {amount} yuan missing",
            ),
        )
    for account, number, unit_id in paid:
        _remind(
            RESTORE,
            account,
            unit_id,
            "gas.arrears.restore_supply",
            (f"用户 {number} 欠费已缴清：恢复供气", f"Account {number} has paid its debt: restore the supply"),
        )
    _settled(BROKEN, [row[0] for row in broken])
    _settled(RESTORE, [row[0] for row in paid])
    return len(broken), len(paid)


def _remind(kind: str, account_id: int, unit_id: int, right: str, titles: tuple[str, str]) -> None:
    url = reverse("arrears:stop_list")
    if kind == BROKEN:
        url = reverse("customers:account_detail", args=[account_id]) + "?section=arrears"
    open_todo(
        kind=kind, subject=f"customers.account:{account_id}", title_zh=titles[0], title_en=titles[1], url=url,
        right=right, unit_id=unit_id, due_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip


def _settled(kind: str, still: list[int]) -> None:
    subjects = {f"customers.account:{account_id}" for account_id in still}
    open_ones = Todo.objects.filter(kind=kind, done_at=None)
    done = [one.pk for one in open_ones if one.subject not in subjects]
    Todo.objects.filter(pk__in=done).update(done_at=timezone.now())
