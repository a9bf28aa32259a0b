"""Working through a run's chunks: any number of processes, killed and restarted at will.

A transaction takes several chunks, because what a transaction costs by itself would otherwise be a third of the whole.
On SQLite it stays so short that a payment at a counter, which waits for it, does not notice.

A chunk's done row commits together with its bills, so a chunk is billed once or not at all. That is also why its
commit need not wait for the disk: after a power cut the done row is missing together with the bills, and the chunk
is simply billed again. The last act, which makes the run COMPUTED, waits for the disk and covers all before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from mainstay.gas.billing.batch.chunk import Sums, bill_chunks
from mainstay.gas.billing.batch.gather import RunFacts
from mainstay.gas.billing.batch.prepaid import Prepaid
from mainstay.gas.billing.batch.sql import Statements, statements
from mainstay.gas.billing.batch.tables import make_tables
from mainstay.gas.billing.batch.tariffs import PlanBook, TariffTables
from mainstay.gas.billing.models import BillingRun, RunChunk, RunException
from mainstay.kit.sqlite3.turns import Turns
from mainstay.kit.sqlkit import estimated_rows, of_a_checking_writer, refresh_statistics, vendor

Report = Callable[[int], None]
_CLAIM = """
    SELECT c.id, c.book_id, b.cycle, c.planned FROM billing_runchunk c JOIN readings_book b ON b.id = c.book_id
    WHERE c.run_id = %s AND c.id > %s AND c.done_at IS NULL ORDER BY c.id LIMIT %s"""
MOST_CHUNKS = 20
MOST_ACCOUNTS = {"postgresql": 4_000, "sqlite": 1_000}
FRESH_ROWS = 1_000
_SOLVED = """
    UPDATE billing_runexception SET solved_at = %s WHERE run_id = %s AND solved_at IS NULL AND EXISTS (
        SELECT 1 FROM billing_bill b WHERE b.account_id = billing_runexception.account_id AND b.period = %s
        AND b.run_id = billing_runexception.run_id)"""


def facts_of(run: BillingRun) -> RunFacts:
    """What the engine needs to know of a run."""
    return RunFacts(run.pk, run.period, run.issued_on, run.due_on, run.business_on)


class Engine:
    """One process's cursor, temporary tables and tariffs for a run."""

    def __init__(self, cursor: Statements, run: BillingRun) -> None:
        self.cursor, self.facts = cursor, facts_of(run)
        make_tables(cursor)
        self.plans = PlanBook()
        self.grouped = any(
            version.year_start.kind == "reading_group"
            for plan in self.plans.plans.values()
            for version in plan.versions
        )
        self._tables: TariffTables | None = None
        self._prepaid: Prepaid | None = Prepaid(cursor)

    def tables(self, cycle: str) -> TariffTables:
        """Tariff tables for books of a cycle: one set serves all unless a tariff year depends on the reading group."""
        group = cycle if self.grouped else ""
        if self._tables is None or self._tables.group != group:
            self._tables = TariffTables(self.cursor, self.facts.period, group, self.plans)
        self._tables.prepaid = self._has_prepaid()
        return self._tables

    def _has_prepaid(self) -> bool:
        if self._prepaid is None:
            self._prepaid = Prepaid(self.cursor)
        else:
            self._prepaid.refresh()
        return self._prepaid.any

    def forget(self) -> None:
        """After a rollback: the temporary tables lost what the transaction had put there."""
        self._tables = self._prepaid = None


def work_run(run: BillingRun, report: Report | None = None, stop: Callable[[], bool] = lambda: False) -> Sums:
    """Bill chunks of a run until none is left, or `stop()`; `report(bills)` is called after each transaction.

    Several processes may do this at once. Call `finish_run` afterwards. On SQLite both functions run while references
    are left to the run (switching between its transactions would have every statement planned anew, a tenth of its
    time): what they write must not refer to anything new.
    """
    sums = Sums()
    fresh = vendor() == "postgresql" and estimated_rows("billing_bill") < FRESH_ROWS
    with fast_commits(), statements() as cursor, of_a_checking_writer(cursor), closing(turns_of_writers()) as turns:
        engine = Engine(cursor, run)
        last, wrapped = 0, False
        while not stop():
            done = _next_chunks(engine, last)
            if done is None:
                if wrapped or not last:
                    break
                last, wrapped = 0, True
                continue
            last, sums = done[0], sums + done[1]
            if fresh and done[1].bills:
                refresh_statistics("billing_bill", "billing_chargeline", "billing_openitem", "ledger_posting")
                fresh = False
            if report:
                report(done[1].bills)
            turns.give()
    return sums


def turns_of_writers() -> Turns:
    """SQLite has one writer: between two transactions a counter that waits takes its turn."""
    return Turns(str(connection.settings_dict["NAME"]) if vendor() == "sqlite" else "")


def _next_chunks(engine: Engine, last: int) -> tuple[int, Sums] | None:
    """Claim the next open chunks after `last` and bill them, in one transaction; returns the last id and the sums."""
    lock = " FOR UPDATE OF c SKIP LOCKED" if vendor() == "postgresql" else ""
    try:
        with transaction.atomic():
            rows = engine.cursor.execute(_CLAIM + lock, (engine.facts.run_id, last, MOST_CHUNKS)).fetchall()
            if not rows:
                return None
            cycle, chunks = rows[0][2], _fitting(rows, MOST_ACCOUNTS[vendor()])
            return max(chunks.values()), bill_chunks(engine.cursor, engine.tables(cycle), engine.facts, chunks)
    except BaseException:
        engine.forget()
        raise


def _fitting(rows: list[tuple[Any, ...]], most: int) -> dict[int, int]:
    """Chunk id by book: the first of the claimed chunks, as long as they share a cycle and are not too many accounts.

    The others stay locked until the commit, which is soon; then they are open to whoever comes first.
    """
    chunks: dict[int, int] = {}
    accounts = 0
    for chunk_id, book_id, cycle, planned in rows:
        accounts += planned
        if chunks and (accounts > most or cycle != rows[0][2]):
            break
        chunks[book_id] = chunk_id
    return chunks


def finish_run(run: BillingRun) -> bool:
    """Make the run COMPUTED with its totals when every chunk is done; returns whether it is. Harmless to repeat."""
    with transaction.atomic():
        wait_for_the_disk()
        locked = BillingRun.objects.select_for_update().get(pk=run.pk)
        if locked.state != BillingRun.State.RUNNING:
            return locked.state in {BillingRun.State.COMPUTED, BillingRun.State.RELEASED}
        if RunChunk.objects.filter(run=locked, done_at=None).exists():
            return False
        now = timezone.now()
        totals = RunChunk.objects.filter(run=locked).aggregate(a=Sum("amount_fen"), b=Sum("bills"), v=Sum("volume_l"))
        with connection.cursor() as cursor:
            cursor.execute(_SOLVED, [connection.ops.adapt_datetimefield_value(now), locked.pk, locked.period])
        locked.amount_fen, locked.bills, locked.volume_l = totals["a"] or 0, totals["b"] or 0, totals["v"] or 0
        locked.excluded_accounts = RunException.objects.filter(run=locked, solved_at=None).count()
        locked.state, locked.computed_at = BillingRun.State.COMPUTED, now
        locked.save()
        return True


def wait_for_the_disk() -> None:
    """Let the commit of this transaction wait for the disk, and with it all commits before."""
    if vendor() == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = on")


@contextmanager
def fast_commits() -> Iterator[None]:
    """Commits inside do not wait for the disk (see above why that is safe here); no compilation of small plans."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        if vendor() == "postgresql":
            cursor.execute("SET synchronous_commit = off")
            cursor.execute("SET jit = off")
            cursor.execute("SET enable_bitmapscan = off")  # our look-ups find one row, or rows in the index's order
            back = ["RESET synchronous_commit", "RESET jit", "RESET enable_bitmapscan"]
        else:
            # A run reads and writes in key order: a small cache serves it as well, in a tenth of the memory.
            settings = {"synchronous": 1, "cache_size": -4_096, "mmap_size": 0}
            before = {name: int(cursor.execute(f"PRAGMA {name}").fetchone()[0]) for name in settings}
            for name, value in settings.items():
                cursor.execute(f"PRAGMA {name} = {value}")
            back = [f"PRAGMA {name} = {value}" for name, value in before.items()]
        try:
            yield
        finally:
            for statement in back:
                cursor.execute(statement)
