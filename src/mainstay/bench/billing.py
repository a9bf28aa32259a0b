"""A billing run through the real code path, and beside it the limit: the very same rows copied into the same tables.

./mainstay bench billing --accounts 1000000 [--workers 2] [--json]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mainstay.bench.figures import milliseconds
from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say

if TYPE_CHECKING:
    from mainstay.gas.billing.models import BillingRun

TABLES = ("billing_bill", "billing_chargeline", "billing_openitem", "ledger_posting", "billing_runchunk")
PARTS = TABLES[:4]


def main(argv: list[str]) -> int:
    """Build a company in a database of its own, bill it, copy the same rows, print both; 0 when all were billed."""
    options = parser().parse_args(argv)
    from mainstay.bench.payments import own_database

    with own_database("billing") as name:
        from mainstay.commands.ready import django_ready

        django_ready()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        found = measure(options, name)
    tell(found)
    if options.json:
        say(json.dumps(found))
    return 0 if found["bills"] == found["accounts"] else 1


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay bench billing", description=_("Measure a billing run"))
    made.add_argument("--accounts", type=whole(), default=100_000, help=_("accounts to bill"))
    made.add_argument(
        "--workers", type=whole(0), default=0, help=_("processes; by default 2 on PostgreSQL and 1 on SQLite")
    )
    made.add_argument("--while-paying", action="store_true", help=_("take payments during the run and measure them"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def measure(options: argparse.Namespace, database: str) -> dict[str, Any]:
    """Plan, run, copy; all times in seconds of the wall clock."""
    from mainstay.bench.data import build

    # A run leaves a core to the counters while they are open.
    workers = options.workers or (2 if database == "postgresql" and not options.while_paying else 1)
    say(_("Building {accounts} accounts …").format(accounts=f"{options.accounts:,}"))
    built = build(options.accounts)
    begun = time.monotonic()
    run = planned(built.period)
    plan_s = time.monotonic() - begun
    payers = _Payers(options.accounts) if options.while_paying else None
    say(_("Billing with {workers} processes …").format(workers=workers))
    run_s, peak = together(workers, _work, run.pk)
    paid = payers.end() if payers else {}
    begun = time.monotonic()
    completed(run)
    run_s += time.monotonic() - begun
    say(_("Copying the same rows …"))
    limit_s, rows = limit(workers, database)
    bills = run.bills
    return {
        "database": database, "accounts": options.accounts, "workers": workers, "bills": bills, "rows": rows,
        "bills_per_s": round(bills / run_s), "limit_bills_per_s": round(bills / limit_s),
        "limit_rows_per_s": round(rows / limit_s), "rows_per_s": round(rows / run_s),
        "ratio_to_limit": round(limit_s / run_s, 3), "run_s": round(run_s, 2), "limit_s": round(limit_s, 2),
        "plan_s": round(plan_s, 2), "peak_mb": peak, **paid,
    }  # fmt: skip


def planned(period: int) -> BillingRun:
    """A run over every book, planned and started."""
    from datetime import timedelta

    from django.utils import timezone

    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit
    from mainstay.gas.billing.batch import fill_plan
    from mainstay.gas.billing.models import BillingRun
    from mainstay.gas.readings.models import Book
    from mainstay.kit.dates import last_day

    on = last_day(period)
    user, _made = User.objects.get_or_create(username="bench", defaults={"kind": "system"})
    run = BillingRun.objects.create(
        period=period, unit=Unit.objects.earliest("pk"), issued_on=on, due_on=on + timedelta(days=15), business_on=on,
        by=user, planned_at=timezone.now(),
    )  # fmt: skip
    fill_plan(run, list(Book.objects.all()))
    run.state = BillingRun.State.RUNNING
    run.save(update_fields=["state"])
    return run


def completed(run: BillingRun) -> None:
    """Complete the run; part of its time."""
    from mainstay.gas.billing.batch import finish_run

    finish_run(run)
    run.refresh_from_db()


def together(count: int, function: Callable[[Any, int], None], argument: Any) -> tuple[float, int]:
    """Run `function(argument, number)` in processes of their own; seconds of all, highest MB of one."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    begin = context.Event()
    processes = [
        context.Process(target=_in_process, args=(function, argument, number, begin, queue)) for number in range(count)
    ]
    for process in processes:
        process.start()
    for _process in processes:
        if queue.get(timeout=60) != "ready":
            raise SystemExit(1)
    started = time.monotonic()
    begin.set()
    peaks = [queue.get(timeout=3_600) for _process in processes]
    seconds = time.monotonic() - started
    for process in processes:
        process.join()
    if any(not isinstance(peak, int) for peak in peaks):
        raise SystemExit("; ".join(str(peak) for peak in peaks))
    return seconds, max(peaks)


def _in_process(function: Any, argument: Any, number: int, begin: Any, queue: Any) -> None:
    """A fresh process, so that its memory is its own: get ready, wait, work, tell the peak memory in MB."""
    try:
        from mainstay.commands.ready import django_ready

        django_ready()
        queue.put("ready")
        begin.wait()
        function(argument, number)
        queue.put(_peak_mb())
    except Exception as error:
        queue.put(f"{type(error).__name__}: {error}")


def _peak_mb() -> int:
    """The most memory this process ever had; /proc first, as Linux hands the parent's `ru_maxrss` on through exec."""
    status = Path("/proc/self/status")
    if status.exists():
        found = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(found.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _work(run_id: int, _number: int) -> None:
    from mainstay.gas.billing.batch import work_run
    from mainstay.gas.billing.models import BillingRun

    work_run(BillingRun.objects.get(pk=run_id))


def limit(workers: int, database: str, written: Mapping[str, str] | None = None) -> tuple[float, int]:
    """Take the written rows out and put the very same rows in again, as fast as the database takes them.

    `written`: tables in order with the condition on the rows that count; by default all of a run's. PostgreSQL: COPY
    from files in the binary format, half of the accounts for each process. SQLite: executemany. Seconds and rows.
    """
    chosen = dict(written or dict.fromkeys(PARTS, "true"))
    if database == "postgresql":
        return _limit_postgresql(workers, chosen)
    return _limit_sqlite(chosen)


def _limit_postgresql(workers: int, written: dict[str, str]) -> tuple[float, int]:
    import tempfile

    from django.db import connection

    with tempfile.TemporaryDirectory(prefix="mainstay-bench-") as folder:
        rows = 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT min(account_id), max(account_id) + 1 FROM billing_bill")
            low, high = cursor.fetchone()
            for table, condition in written.items():
                for number in range(workers):
                    ends = [low + (high - low) * part // workers for part in (number, number + 1)]
                    chosen = f"account_id >= {ends[0]} AND account_id < {ends[1]} AND ({condition})"
                    with (
                        Path(folder, f"{table}.{number}").open("wb") as file,
                        cursor.copy(
                            f"COPY (SELECT * FROM {table} WHERE {chosen} ORDER BY account_id) "  # noqa: S608
                            "TO STDOUT (FORMAT binary)"
                        ) as copy,
                    ):
                        for data in copy:
                            file.write(data)
                cursor.execute(f"SELECT count(*) FROM {table} WHERE {condition}")  # noqa: S608
                rows += cursor.fetchone()[0]
            _take_out(cursor, written)
        return together(workers, _copy, (folder, tuple(written)))[0], rows


def _take_out(cursor: Any, written: dict[str, str]) -> None:
    """Take rows out; only a benchmark in a database of its own may, so it puts the guards aside for the moment."""
    for table in written:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    if set(written.values()) == {"true"}:
        cursor.execute(f"TRUNCATE {', '.join(written)}")
    else:
        for table, condition in written.items():
            cursor.execute(f"DELETE FROM {table} WHERE {condition}")  # noqa: S608
    for table in written:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    cursor.execute(f"VACUUM {', '.join(written)}")
    cursor.execute("CHECKPOINT")


def _copy(given: tuple[str, tuple[str, ...]], number: int) -> None:
    from django.db import connection, transaction

    folder, tables = given
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    for table in tables:
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            Path(folder, f"{table}.{number}").open("rb") as file,
            cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy,
        ):
            while data := file.read(1 << 16):
                copy.write(data)


def _limit_sqlite(written: dict[str, str]) -> tuple[float, int]:
    from django.db import connection

    connection.ensure_connection()
    name = connection.settings_dict["NAME"]
    connection.close()
    return _refilled(str(name), written)


def _refilled(name: str, written: dict[str, str]) -> tuple[float, int]:
    """The rows come from a copy of the file; only writing them is timed, in transactions of 10,000 rows."""
    import shutil
    import sqlite3
    from contextlib import closing

    base = sqlite3.connect(name, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-8192", "mmap_size=0",
                   "temp_store=MEMORY", "foreign_keys=OFF", "wal_checkpoint(TRUNCATE)"):  # fmt: skip
        base.execute(f"PRAGMA {pragma}")
    shutil.copyfile(name, f"{name}-rows")
    guards = base.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' "  # noqa: S608
        f"AND tbl_name IN ({', '.join(['?'] * len(written))})",
        list(written),
    ).fetchall()
    for trigger, _sql in guards:
        base.execute(f'DROP TRIGGER "{trigger}"')
    for table, condition in written.items():
        base.execute(f"DELETE FROM {table} WHERE {condition}")  # noqa: S608
    for _trigger, sql in guards:
        base.execute(sql)
    for pragma in ("VACUUM", "PRAGMA foreign_keys=ON", "PRAGMA wal_checkpoint(TRUNCATE)"):
        base.execute(pragma)  # the copy writes to fresh pages, as the run did
    seconds, rows = 0.0, 0
    with closing(sqlite3.connect(f"{name}-rows")) as source:
        for table, condition in written.items():
            columns = [row[1] for row in base.execute(f"PRAGMA table_info({table})")]
            insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
            listed = source.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE {condition} ORDER BY rowid")  # noqa: S608
            while part := listed.fetchmany(10_000):
                begun = time.monotonic()
                base.execute("BEGIN IMMEDIATE")
                base.executemany(insert, part)
                base.execute("COMMIT")
                seconds += time.monotonic() - begun
                rows += len(part)
    base.close()
    Path(f"{name}-rows").unlink()
    return seconds, rows


class _Payers:
    """A process that takes payments while the run works, and how long each took."""

    def __init__(self, accounts: int) -> None:
        from django.db import connections

        connections.close_all()
        context = multiprocessing.get_context("spawn")
        self.queue, self.stop = context.Queue(), context.Event()
        self.process = context.Process(target=_pay, args=(accounts, self.stop, self.queue))
        self.process.start()
        self.queue.get(timeout=120)

    def end(self) -> dict[str, Any]:
        """Stop paying; payments taken and their 99th percentile in ms."""
        self.stop.set()
        seconds = self.queue.get(timeout=120)
        self.process.join()
        return {
            "payments_meanwhile": len(seconds),
            "payment_p50_ms": milliseconds(seconds, 50),
            "payment_p99_ms": milliseconds(seconds, 99),
        }


def _pay(accounts: int, stop: Any, queue: Any) -> None:
    """One clerk at a till, a payment every 20 ms or so, each for another account (money before its bill is advance)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
    from mainstay.commands.ready import django_ready

    django_ready()
    from mainstay.bench.billing_payer import Clerk

    clerk = Clerk()
    queue.put("ready")
    seconds: list[float] = []
    while not stop.is_set():
        begun = time.monotonic()
        clerk.pay(accounts - len(seconds) % accounts)
        seconds.append(time.monotonic() - begun)
        stop.wait(0.02)
    queue.put(seconds)


def tell(found: dict[str, Any]) -> None:
    """Print the figures for people."""
    rows = [
        (_("bills a second, with lines, open items and postings"), f"{found['bills_per_s']:,}"),
        (_("the same rows copied, bills a second"), f"{found['limit_bills_per_s']:,}"),
        (_("ratio to that limit"), found["ratio_to_limit"]),
        (
            _("seconds of the run / of the limit / of the plan"),
            f"{found['run_s']} / {found['limit_s']} / {found['plan_s']}",
        ),
        (_("rows written"), f"{found['rows']:,}"),
        (_("highest memory of a process, MB"), found["peak_mb"]),
    ]
    if "payment_p99_ms" in found:
        rows.append(
            (_("payments meanwhile: count, p99 ms"), f"{found['payments_meanwhile']}, {found['payment_p99_ms']}")
        )
    for words, value in rows:
        say(f"  {words:<52} {value}")
