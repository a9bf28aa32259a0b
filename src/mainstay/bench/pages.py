"""List pages and detail pages at any number of accounts: how long each takes, with how many queries.

    ./mainstay bench pages --accounts 1000000 [--no-bills] [--keep] [--json]

Every list page of the product is found by itself; each page is opened as somebody who may see the whole company and as
somebody of one branch, through the whole stack, as a browser would.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mainstay.bench.figures import milliseconds, timed
from mainstay.bench.kept import Kept, complete, kept_database
from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say

if TYPE_CHECKING:
    from mainstay.bench.pages_asked import Asked
    from mainstay.core.access.models import User

GOAL_MS = 100.0
LEAST = 400  # two books: with fewer a branch has no accounts
OK = 200


def main(argv: list[str]) -> int:
    """Build a company in a database of its own, open the pages, print; 0 when every page answered."""
    options = parser().parse_args(argv)
    with _database(options) as kept, tempfile.TemporaryDirectory(prefix="mainstay-bench-") as folder:
        os.environ["MAINSTAY_DATA"] = folder  # the site's own files have nothing to do with it
        Path(folder, "static").mkdir()
        from mainstay.commands.ready import django_ready

        django_ready()
        from mainstay.config.warm import load_and_settle

        first_id = _company(options, kept)
        load_and_settle()  # as every web process does
        found = {"database": kept.vendor, "accounts": options.accounts, **measure(options, first_id)}
    if options.keep:
        say(_("The company stays in {place}; remove that when it is no longer wanted.").format(place=kept.place))
    tell(found)
    if options.json:
        say(json.dumps(found))
    return 0 if not found["failed"] else 1


@contextmanager
def _database(options: argparse.Namespace) -> Iterator[Kept]:
    """A database for this run alone, or the one that is kept for companies of this size."""
    if options.keep:
        yield kept_database(f"pages_{options.accounts}{'_no_bills' if options.no_bills else ''}")
        return
    from mainstay.bench.payments import own_database

    with own_database("pages") as vendor:
        yield Kept(vendor, "", built=False)


def _company(options: argparse.Namespace, kept: Kept) -> int:
    """Build the company unless it is there; the key of its first account."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from mainstay.bench.pages_work import build
    from mainstay.gas.customers.models import Account

    if not kept.built:
        say(_("Building {accounts} accounts …").format(accounts=f"{options.accounts:,}"))
        begun = time.monotonic()
        build(options.accounts, bills=not options.no_bills)
        complete()
        say(_("Built in {seconds} s. Opening pages …").format(seconds=round(time.monotonic() - begun)))
    return int(Account.objects.earliest("pk").pk)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay bench pages", description=_("Measure list pages and detail pages"))
    made.add_argument("--accounts", type=whole(LEAST), default=100_000, help=_("accounts to build"))
    made.add_argument(
        "--times", type=whole(), default=20,
        help=_("how often each page is opened; those near the goal are opened a hundred times"),
    )  # fmt: skip
    made.add_argument("--only", default="", help=_("pages whose name holds this text"))
    made.add_argument(
        "--no-bills", action="store_true", help=_("leave out the billing run, payments and the audit log")
    )
    made.add_argument(
        "--keep",
        action="store_true",
        help=_("keep the company for later runs with --keep and as many accounts"),
    )
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def measure(options: argparse.Namespace, first_id: int) -> dict[str, Any]:
    """Open every page as both persons; milliseconds and queries of each."""
    from mainstay.bench.pages_asked import asked
    from mainstay.bench.pages_work import people

    pages: dict[str, dict[str, Any]] = {}
    failed: dict[str, int] = {}
    for whose, user, unit_id in people():
        for page in asked(first_id, options, user, unit_id):
            if options.only not in page.name:
                continue
            name = f"{page.name} / {whose}"
            status, figures = _open(page, user, options.times)
            if status != OK:
                failed[name] = status
            pages[name] = figures
    worst = max(pages, key=lambda name: pages[name]["p95_ms"], default="")
    return {
        "goal_ms": GOAL_MS,
        "pages": pages,
        "worst": worst,
        "worst_p95_ms": pages[worst]["p95_ms"] if worst else 0.0,
        "above_goal": sum(one["p95_ms"] > GOAL_MS for one in pages.values()),
        "failed": failed,
    }


def _open(page: Asked, user: User, times: int) -> tuple[int, dict[str, Any]]:
    """Open a page's addresses in turn; the first time reads templates and is not counted."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost", headers={"Accept-Language": "en"}, raise_request_exception=False)
    client.force_login(user)
    headers = {"HX-Request": "true"} if page.fragment else {}
    status = client.get(page.addresses[0], headers=headers).status_code
    with CaptureQueriesContext(connection) as captured:
        client.get(page.addresses[0], headers=headers)
        asked = [float(one["time"]) for one in captured.captured_queries]
    found = {status}

    def once(number: int) -> None:
        found.add(client.get(page.addresses[number % len(page.addresses)], headers=headers).status_code)

    begun = time.process_time()
    seconds = timed(once, times if status == OK else 1, GOAL_MS)
    own = time.process_time() - begun
    return max(found), {
        "p50_ms": milliseconds(seconds, 50),
        "p95_ms": milliseconds(seconds, 95),
        "openings": len(seconds),
        "own_ms": round(own / len(seconds) * 1000, 1),
        "queries": len(asked),
        "queries_ms": round(sum(asked) * 1000),
    }


def tell(found: dict[str, Any]) -> None:
    """Print the pages, the slowest first."""
    say("  " + _("milliseconds: median, 95th percentile, own work, queries; number of queries").rjust(102))
    for name, one in sorted(found["pages"].items(), key=lambda item: -item[1]["p95_ms"]):
        figures = (
            f"{one['p50_ms']:>10} {one['p95_ms']:>10} {one['own_ms']:>8} {one['queries_ms']:>8} {one['queries']:>6}"
        )
        say(f"  {name:<58} {figures}   {found['failed'].get(name, '')}")
    text = _("worst 95th percentile: {worst} ms ({name}); above the goal of {goal} ms: {count} of {all} pages")
    say("  " + text.format(
        worst=found["worst_p95_ms"], name=found["worst"], goal=found["goal_ms"], count=found["above_goal"],
        all=len(found["pages"]),
    ))  # fmt: skip
    if found["failed"]:
        say("  " + _("pages that did not answer: {pages}").format(pages=", ".join(found["failed"])), error=True)
