"""Dry run: everything a run would do, except writing bills."""

from __future__ import annotations

import heapq
from collections.abc import Callable

from django.db import transaction

from mainstay.gas.billing.batch.chunk import Sums, compute
from mainstay.gas.billing.batch.run import Engine
from mainstay.gas.billing.batch.sql import Statements, statements
from mainstay.gas.billing.batch.tables import WORK
from mainstay.gas.billing.models import BillingRun, RunChunk

TOP = 50
_CHANGES = f"""
    SELECT w.account_id, coalesce((SELECT b.amount_fen FROM billing_bill b WHERE b.account_id = w.account_id
        AND b.kind IN (1, 2, 4) ORDER BY b.period DESC, b.seq DESC LIMIT 1), 0) AS before_fen, w.amount_fen
    FROM {WORK} w"""  # noqa: S608
_TOP = f"""
    SELECT account_id, before_fen, amount_fen FROM ({_CHANGES}) c
    ORDER BY abs(amount_fen - before_fen) DESC, account_id LIMIT {TOP}"""  # noqa: S608


def dry_run(
    run: BillingRun, report: Callable[[int], None] | None = None, stop: Callable[[], bool] = lambda: False
) -> Sums:
    """Compute every chunk without writing bills: totals per book, problems, and the accounts that change most."""
    sums, top = Sums(), list[tuple[int, int, int, int]]()
    with statements() as cursor:
        engine = Engine(cursor, run)
        for chunk in RunChunk.objects.filter(run=run).select_related("book").order_by("pk"):
            if stop():
                return sums
            with transaction.atomic():
                tables = engine.tables(chunk.book.cycle)
                one = compute(cursor, tables, engine.facts, [chunk.book_id]).get(chunk.book_id, Sums())
                top = heapq.nlargest(TOP, [*top, *_changes(cursor)])
                chunk.dry_bills, chunk.dry_amount_fen, chunk.dry_volume_l = one.bills, one.amount_fen, one.volume_l
                chunk.save(update_fields=["dry_bills", "dry_amount_fen", "dry_volume_l"])
            sums += one
            if report:
                report(one.bills)
    BillingRun.objects.filter(pk=run.pk).update(top_changes=[[account, a, b] for _size, account, a, b in top])
    return sums


def _changes(cursor: Statements) -> list[tuple[int, int, int, int]]:
    return [(abs(b - a), account, a, b) for account, a, b in cursor.execute(_TOP).fetchall()]
