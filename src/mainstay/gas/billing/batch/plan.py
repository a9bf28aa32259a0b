"""Filling a plan: which books, how many accounts, and who is left out for which reason. By sets."""

from __future__ import annotations

from django.db import connection

from mainstay.gas.billing.batch.prepaid import PREPAID, Prepaid, unless_prepaid
from mainstay.gas.billing.batch.sql import statements, used_until
from mainstay.gas.billing.models import BillingRun, RunChunk, RunException
from mainstay.gas.readings.models import Book
from mainstay.kit.sqlkit import vendor

# Every account of the run's books with what it has in the period; one row each.
_STANDING = """
    SELECT e.account_id, e.book_id, a.state, a.difference, {used_until} AS used_until,
        coalesce(r.accepted, 0) AS accepted, coalesce(r.questioned, 0) AS questioned,
        EXISTS (SELECT 1 FROM billing_bill b WHERE b.account_id = e.account_id AND b.period >= %(period)s) AS billed
    FROM readings_bookentry e
    JOIN billing_runchunk c ON c.book_id = e.book_id AND c.run_id = %(run)s
    JOIN customers_account a ON a.id = e.account_id
    LEFT JOIN (
        SELECT account_id, sum(CASE WHEN state = 3 THEN 1 ELSE 0 END) AS accepted,
            sum(CASE WHEN state IN (1, 2) THEN 1 ELSE 0 END) AS questioned,
            min(CASE WHEN state = 3 THEN previous_on END) AS from_on,
            max(CASE WHEN state = 3 THEN taken_on END) AS to_on
        FROM readings_reading r
        WHERE period = %(period)s AND book_id IN (SELECT book_id FROM billing_runchunk WHERE run_id = %(run)s)
            {unless_prepaid}
        GROUP BY account_id
    ) r ON r.account_id = e.account_id"""
_HANGS = """EXISTS (SELECT 1 FROM meters_installation i WHERE i.account_id = s.account_id AND i.until_on IS NULL
            AND {not_}EXISTS (SELECT 1 FROM {prepaid} p WHERE p.installation_id = i.id))"""
# Every meter that hangs at the account is prepaid, and no other was read before it was taken down.
_ONLY_PREPAID = (
    f"WHEN s.accepted = 0 AND s.questioned = 0 AND {_HANGS.format(not_='', prepaid=PREPAID)} "
    f"AND NOT {_HANGS.format(not_='NOT ', prepaid=PREPAID)} THEN 'prepaid'"
)
_REASON = """
    CASE WHEN s.state NOT IN ('active', 'suspended') THEN 'not_active'
        WHEN s.billed THEN 'already'
        WHEN s.difference IS NOT NULL THEN 'master'
        {only_prepaid}
        WHEN s.accepted = 0 AND s.questioned > 0 THEN 'questioned'
        WHEN s.accepted = 0 THEN 'no_reading'
        WHEN NOT EXISTS (SELECT 1 FROM tariffs_terms t WHERE t.account_id = s.account_id AND t.from_on < s.used_until
            AND (t.until_on IS NULL OR t.until_on >= s.used_until)) THEN 'no_terms'
        WHEN NOT EXISTS (SELECT 1 FROM tariffs_terms t JOIN tariffs_version v ON v.plan_id = t.plan_id
            WHERE t.account_id = s.account_id AND t.from_on < s.used_until
            AND (t.until_on IS NULL OR t.until_on >= s.used_until) AND v.effective_on < s.used_until) THEN 'no_price'
        ELSE '' END"""
_EXCLUDE = f"""
    INSERT INTO billing_runexception (run_id, account_id, book_id, reason, detail)
    SELECT %(run)s, x.account_id, x.book_id, x.reason, '' FROM (
        SELECT s.account_id, s.book_id, {_REASON} AS reason FROM ({_STANDING}) s
    ) x WHERE x.reason <> ''"""  # noqa: S608
_COUNT = """
    UPDATE billing_runchunk SET planned = n.accounts - n.left_out, last_period_amount_fen = n.before
    FROM (
        SELECT c.id,
            (SELECT count(*) FROM readings_bookentry e WHERE e.book_id = c.book_id) AS accounts,
            coalesce(x.left_out, 0) AS left_out,
            coalesce((SELECT o.amount_fen FROM billing_runchunk o JOIN billing_billingrun p ON p.id = o.run_id
                WHERE o.book_id = c.book_id AND p.period < %(period)s AND o.done_at IS NOT NULL
                ORDER BY p.period DESC, p.id DESC LIMIT 1), 0) AS before
        FROM billing_runchunk c
        LEFT JOIN (SELECT book_id, count(*) AS left_out FROM billing_runexception WHERE run_id = %(run)s
            GROUP BY book_id) x ON x.book_id = c.book_id
        WHERE c.run_id = %(run)s
    ) n WHERE billing_runchunk.id = n.id"""


def fill_plan(run: BillingRun, books: list[Book]) -> None:
    """Make the run's chunks (one per book) and exceptions, and count. Books of one reading group follow each other."""
    ordered = sorted(books, key=lambda book: (book.cycle, book.code))
    RunChunk.objects.bulk_create((RunChunk(run=run, book=book) for book in ordered), batch_size=1000)
    facts = {"run": run.pk, "period": run.period}
    with statements() as own:
        ask = Prepaid(own).any
    exclude = _EXCLUDE.replace("{used_until}", used_until("r.from_on", "r.to_on", vendor())).replace(
        "{unless_prepaid}", unless_prepaid(ask=ask)
    )
    with connection.cursor() as cursor:
        cursor.execute(exclude.replace("{only_prepaid}", _ONLY_PREPAID if ask else ""), facts)
        run.excluded_accounts = RunException.objects.filter(run=run).count()
        cursor.execute(_COUNT, facts)
        cursor.execute("SELECT coalesce(sum(planned), 0) FROM billing_runchunk WHERE run_id = %(run)s", facts)
        run.planned_accounts = int(cursor.fetchone()[0])
    run.save(update_fields=["excluded_accounts", "planned_accounts"])
