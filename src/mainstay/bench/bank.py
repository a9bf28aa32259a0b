"""Payments over a bank line: how many a second with 1, 8 and 32 in flight, how fast each, and against a limit.

A front-end processor of its own process answers payment messages of distinct accounts, authenticated, journal and
postings in the commit. The limit is the same rows as plain INSERTs, nothing read or decided, one commit a payment, on
one connection of this process. Further: payments at a steady rate, the codec alone, a reconciliation by sets.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from typing import TYPE_CHECKING, Any

from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say

if TYPE_CHECKING:
    from mainstay.gas.bank.models import Line

PARTS = ("codec", "lines", "reconcile")
IN_FLIGHT = (1, 8, 32)
STEADY_RATE = 200
SPARE = 400  # to warm up with
PER_SECOND = 3_500  # accounts to build for each second of each part


def main(argv: list[str]) -> int:
    """Measure in a database of its own, print; 0 when nothing was posted twice and the ledger is in step."""
    options = parser().parse_args(argv)
    from mainstay.bench.payments import make_tables, own_database

    with own_database("bank") as name, tempfile.TemporaryDirectory(prefix="mainstay-bank-") as folder:
        os.environ["MAINSTAY_BANK_FOLDER"] = folder
        from mainstay.commands.ready import django_ready

        django_ready()
        make_tables()
        found = measure(options) | {"database": name}
    _tell(found)
    if options.json:
        say(json.dumps(found))
    return 1 if found["wrong"] else 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay bench bank", description=_("Measure the bank line"))
    made.add_argument("--seconds", type=float, default=6.0, help=_("seconds of each part"))
    made.add_argument("--layout", default="iso8583", help=_("layout of the messages"))
    made.add_argument("--codec", type=whole(), default=20_000, help=_("messages of the codec to measure"))
    made.add_argument(
        "--reconcile", type=whole(0), default=0, help=_("also reconcile so many bank lines against as many payments")
    )
    made.add_argument(
        "--only", choices=PARTS, nargs="+", default=PARTS, help=_("parts to measure; by default all of them")
    )
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Every part that is asked for in turn, in one database."""
    from mainstay.bench import bank_work as work

    parts = len(IN_FLIGHT) + 2 if "lines" in options.only else 0
    accounts = int(PER_SECOND * options.seconds * parts) + SPARE
    say(_("Building {accounts} accounts with a bill each …").format(accounts=accounts))
    line = work.build(accounts, options.layout)
    found: dict[str, Any] = {"load_before": round(os.getloadavg()[0], 1), "seconds": options.seconds}
    if "codec" in options.only:
        found["codec_messages_per_s"] = work.codec(line, options.codec)
    if "lines" in options.only:
        found |= _served(line, options.seconds)
    found["wrong"] = work.wrong()
    if "reconcile" in options.only and options.reconcile:
        began = time.perf_counter()
        found["reconcile"] = work.reconcile(line, options.reconcile)
        found["reconcile"]["with_building_s"] = round(time.perf_counter() - began, 1)
    return found


def _served(line: Line, seconds: float) -> dict[str, Any]:
    """Payments over connections to a process of its own, then the same rows as plain INSERTs."""
    from mainstay.bench import bank_work as work

    found: dict[str, Any] = {"lines": {}}
    with work.served(line):
        for number in IN_FLIGHT:
            found["lines"][number] = asyncio.run(work.rush(line, number, seconds))
        found["steady"] = asyncio.run(work.steady(line, STEADY_RATE, seconds))
    found["limit_payments_per_s"] = limit = work.plain(line, seconds)
    found["ratio_to_limit"] = round(found["lines"][IN_FLIGHT[-1]]["payments_per_s"] / limit, 2)
    return found


def _tell(found: dict[str, Any]) -> None:
    rows: list[tuple[str, Any]] = []
    for lines, one in found.get("lines", {}).items():
        words = _("payments/s, p50 / p99 ms with {lines} in flight").format(lines=lines)
        rows.append((words, f"{one['payments_per_s']}, {one['p50_ms']} / {one['p99_ms']}"))
    if steady := found.get("steady"):
        words = _("p50 / p99 ms at {rate} payments/s").format(rate=steady["payments_per_s"])
        rows += [
            (words, f"{steady['p50_ms']} / {steady['p99_ms']}"),
            (_("the same rows as plain INSERTs, a second"), found["limit_payments_per_s"]),
            (_("ratio to that limit"), found["ratio_to_limit"]),
        ]
    if codec := found.get("codec_messages_per_s"):
        rows.append((_("codec, messages/s of one core"), codec))
    rows += [(_("posted twice"), len(found["wrong"])), (_("load of the machine before"), found["load_before"])]
    if told := found.get("reconcile"):
        rows.append((_("{rows} lines reconciled in s").format(rows=f"{told['rows']:,}"), told["seconds"]))
        rows.append((_("lines read from the file in s"), told["read_s"]))
        rows.append((_("lines written to the database in s"), told["load_s"]))
    for words, value in rows:
        say(f"  {words:<50} {value}")
