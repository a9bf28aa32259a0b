"""Payments at counters: how many a second, how fast each, against plain INSERTs of the same rows.

Clerks, each with a shift and a connection of its own, take payments through the action door for distinct accounts.
They share as many processes as the web server has, as counters do.
In turns with that, on the same connections, they write the same rows without reading or deciding anything, in one
journey to the database: the limit. Afterwards the same serials are sent again, and the ledger is compared with the
open items.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from mainstay.bench.figures import milliseconds
from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say
from mainstay.kit.errors import Problem

ACCOUNTS_PER_SECOND = 12_000  # for three kinds of work: payments, the limit, payments over HTTP
LIMIT_FIGURES = ("payments_per_s", "p50_ms", "p99_ms", "client_cpu_ms", "server_cpu_ms")


@dataclass(slots=True)
class Result:
    """What one clerk did: seconds of each payment, slices from when to when, CPU seconds here and in the server."""

    seconds: list[float] = field(default_factory=list)
    slices: list[tuple[float, float]] = field(default_factory=list)
    client_s: float = 0.0
    server_s: float = 0.0
    failed: int = 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay bench payments", description=_("Measure payments a second"))
    made.add_argument("--connections", type=whole(), default=8, help=_("clerks at once, each with a connection"))
    made.add_argument(
        "--processes", type=whole(), default=os.cpu_count() or 1,
        help=_("processes the clerks share, as they share web processes (default: one per core)"),
    )  # fmt: skip
    made.add_argument("--seconds", type=float, default=6.0, help=_("how long each part runs"))
    made.add_argument(
        "--accounts", type=whole(0), default=0, help=_("accounts to build; by default enough for the time")
    )
    made.add_argument("--http", action="store_true", help=_("also send payments to the API of a server"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def main(argv: list[str]) -> int:
    """Build a company in a database of its own, measure, prove, print; 0 when nothing was posted twice."""
    options = parser().parse_args(argv)
    with own_database("payments") as name:
        from mainstay.commands.ready import django_ready

        django_ready()
        from django.core.management import call_command

        from mainstay.bench import payments_work as work

        call_command("migrate", verbosity=0)
        accounts = options.accounts or int(ACCOUNTS_PER_SECOND * options.seconds) + 1_000
        say(_("Building {accounts} accounts with a bill each …").format(accounts=accounts))
        company = work.build(accounts, options.connections)
        found = measure(options, company)
        found["database"] = name
    _tell(found)
    if options.json:
        say(json.dumps(found))
    return 0 if found["posted_twice"] == 0 and found["out_of_step"] == 0 else 1


def measure(options: argparse.Namespace, company: Any) -> dict[str, Any]:
    """Measure payments and, in turns with them, the same rows as plain INSERTs; then the same serials again."""
    from mainstay.bench import payments_work as work

    load, commit_ms = round(os.getloadavg()[0], 1), work.commit_ms()
    ours, limit = together(options.connections, work.take_turns, company, options.seconds, processes=options.processes)
    limits = figures(limit)
    found = {
        "connections": options.connections,
        "processes": min(options.processes, options.connections),
        "accounts": company.accounts,
        "load_before": load,
        "commit_ms": commit_ms,
        **figures(ours),
        **{f"limit_{name}": limits[name] for name in LIMIT_FIGURES},
        "ratio_to_limit": round(rate(ours) / max(rate(limit), 1), 3),
        "posted_twice": work.send_again(company),
        "out_of_step": work.out_of_step(),
    }
    if options.http:
        from mainstay.bench.payments_http import over_http

        found["http"] = over_http(company, options.connections, options.seconds)
    return found


def together(
    count: int, function: Callable[..., list[Result]], company: Any, seconds: float, *, processes: int = 0
) -> list[list[Result]]:
    """Run `function(company, number, seconds, barrier)` for each number below `count`, all starting at the same moment.

    Each runs in a process of its own, or in a thread of one of so many `processes`. Each gives a result for every kind
    of work it did; they come back by kind. Raises Problem when one failed.
    """
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    barrier, queue = context.Barrier(count), context.Queue()
    shared = min(processes or count, count)
    started = [
        context.Process(
            target=_in_process, args=(function, range(first, count, shared), (company, seconds, barrier), queue)
        )
        for first in range(shared)
    ]
    for process in started:
        process.start()
    results: list[list[Result]] = [queue.get(timeout=seconds * 10 + 120) for _number in range(count)]
    for process in started:
        process.join()
    if not all(results):
        raise Problem(_("A process of the measurement failed; its message is above."), code="failed")
    return [list(kind) for kind in zip(*results, strict=True)]


def _in_process(function: Any, numbers: Sequence[int], facts: tuple[Any, ...], queue: Any) -> None:
    company, seconds, barrier = facts
    threads = [
        threading.Thread(target=_in_thread, args=(function, (company, number, seconds, barrier), queue))
        for number in numbers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _in_thread(function: Any, facts: tuple[Any, ...], queue: Any) -> None:
    try:
        queue.put(function(*facts))
    except Exception as error:
        facts[-1].abort()
        say(f"{type(error).__name__}: {error}", error=True)
        queue.put([])


def rate(results: list[Result]) -> float:
    """Payments a second of all processes: each slice lasts from the first start to the last end."""
    done = sum(len(result.seconds) for result in results)
    spans = [
        max(ended for _begun, ended in part) - min(begun for begun, _ended in part)
        for part in zip(*(result.slices for result in results), strict=True)
    ]
    return done / sum(spans) if done else 0.0


def figures(results: list[Result]) -> dict[str, Any]:
    """Payments a second, median and 99th percentile in ms, CPU milliseconds a payment, failures."""
    every = [second for result in results for second in result.seconds] or [0.0]
    return {
        "payments": len(every),
        "payments_per_s": int(rate(results)),
        "p50_ms": milliseconds(every, 50, 2),
        "p99_ms": milliseconds(every, 99, 2),
        "client_cpu_ms": round(sum(result.client_s for result in results) * 1000 / len(every), 3),
        "server_cpu_ms": round(sum(result.server_s for result in results) * 1000 / len(every), 3),
        "failed": sum(result.failed for result in results),
    }


def _tell(found: dict[str, Any]) -> None:
    rows = [
        (_("clerks / processes they share"), f"{found['connections']} / {found['processes']}"),
        (_("payments a second, in process"), found["payments_per_s"]),
        (_("median / 99th percentile, ms"), f"{found['p50_ms']} / {found['p99_ms']}"),
        (_("CPU a payment here / in the server, ms"), f"{found['client_cpu_ms']} / {found['server_cpu_ms']}"),
        (_("the same rows as plain INSERTs, a second"), found["limit_payments_per_s"]),
        (_("ratio to that limit"), found["ratio_to_limit"]),
        (_("wait for the disk of one commit alone, ms"), found["commit_ms"] or "-"),
        (_("load of the machine before"), found["load_before"]),
        (_("posted twice when sent again"), found["posted_twice"]),
        (_("accounts out of step with the ledger"), found["out_of_step"]),
    ]
    if "http" in found:
        http = found["http"]
        rows.append((_("payments a second, over HTTP"), http["payments_per_s"]))
        rows.append((_("median / 99th percentile over HTTP, ms"), f"{http['p50_ms']} / {http['p99_ms']}"))
        cpu = f"{http['client_cpu_ms']} / {http['web_cpu_ms']}"
        rows.append((_("CPU a payment over HTTP here / in web processes, ms"), cpu))
        rows.append((_("failed"), http["failed"]))
    for words, value in rows:
        say(f"  {words:<44} {value}")


@contextmanager
def own_database(topic: str) -> Iterator[str]:
    """Point DATABASE_URL at a fresh database beside the given one (a file when there is none); drop it afterwards."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        with tempfile.TemporaryDirectory(prefix="mainstay-bench-") as folder:
            os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder, 'bench.sqlite3')}"
            yield "sqlite"
        return
    import psycopg

    name = f"mainstay_bench_{topic}_{os.getpid()}"
    parts = urlsplit(given)
    maintenance = urlunsplit(parts._replace(scheme="postgresql", path="/postgres"))
    with psycopg.connect(maintenance, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
        try:
            yield "postgresql"
        finally:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def make_tables() -> None:
    """Give the database its tables: an SQLite file by copying the one kept, where there is one. Django is ready."""
    from django.core.management import call_command
    from django.db import connection

    from mainstay.kit.sqlite3 import kept

    if connection.vendor == "sqlite":
        kept.put(Path(str(connection.settings_dict["NAME"])))
    call_command("migrate", verbosity=0, interactive=False)


def clock() -> float:
    """Seconds on a clock that all processes of this machine share."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)
