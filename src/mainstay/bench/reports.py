"""Reports and dunning over a company of any size, each beside the plain reading of the tables it sums.

./mainstay bench reports --accounts 1000000 [--json]

One period is billed and released, so that every account has a bill, an open item and its postings. The limit of a
report is one count and one sum over each of its tables, which cannot be done without reading them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say

ROUNDS = 3
GOAL_SECONDS = 30
READINGS, ITEMS, POSTINGS, CHUNKS, PAYMENTS = (
    ("readings_reading", "volume_l"), ("billing_openitem", "open_fen"), ("ledger_posting", "amount_fen"),
    ("billing_runchunk", "amount_fen"), ("payments_payment", "amount_fen"),
)  # fmt: skip


def main(argv: list[str]) -> int:
    """Build a company in a database of its own, bill it, time every report; 0 when each stays below the goal."""
    options = parser().parse_args(argv)
    from mainstay.bench.payments import own_database

    with own_database("reports") as name:
        from mainstay.commands.ready import django_ready

        django_ready()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        period = billed_company(options.accounts)
        found = {"database": name, "accounts": options.accounts, "goal_s": GOAL_SECONDS, "reports": measure(period)}
    tell(found)
    if options.json:
        say(json.dumps(found))
    return 0 if all(one["seconds"] <= GOAL_SECONDS for one in found["reports"].values()) else 1


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay bench reports", description=_("Measure the reports"))
    made.add_argument("--accounts", type=whole(), default=100_000, help=_("accounts of the company"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def billed_company(accounts: int) -> int:
    """Build a company of so many accounts, bill and release its period; returns the period."""
    from django.db import connection

    from mainstay.bench.billing import completed, planned
    from mainstay.bench.data import build
    from mainstay.gas.billing.batch import work_run
    from mainstay.gas.billing.models import BillingRun

    say(_("Building {accounts} accounts …").format(accounts=f"{accounts:,}"))
    built = build(accounts)
    say(_("Billing them …"))
    run = planned(built.period)
    work_run(run)
    completed(run)
    BillingRun.objects.filter(pk=run.pk).update(state=BillingRun.State.RELEASED)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    return built.period


def measure(period: int) -> dict[str, dict[str, float]]:
    """Seconds of each report, of its limit, and the limit's share; the middle one of some rounds."""
    found = {}
    _set_ladders()
    for name, (report, tables) in _reports(period).items():
        seconds = _middle(report)
        limit = _middle(partial(_read_all, tables))
        found[name] = {
            "seconds": round(seconds, 3), "limit_s": round(limit, 3), "ratio_to_limit": round(limit / seconds, 3),
        }  # fmt: skip
    return found


def _reports(period: int) -> dict[str, tuple[Callable[[], Any], tuple[tuple[str, str], ...]]]:
    from mainstay.gas.ledger.queries import trial_balance
    from mainstay.gas.reports import queries
    from mainstay.kit.dates import first_day, last_day

    first, last = first_day(period), last_day(period)
    later = last + timedelta(days=60)
    return {
        "reading_rate": (lambda: queries.reading_by_unit(None, period), (READINGS,)),
        "collection_rate": (lambda: queries.collected_by_unit(None, period), (ITEMS, CHUNKS)),
        "ageing": (lambda: queries.ageing_by_unit(None, later), (ITEMS,)),
        "top_debtors": (lambda: queries.top_debtors(None), (ITEMS,)),
        "takings": (lambda: queries.takings(None, first, last), (PAYMENTS,)),
        "trial_balance": (lambda: trial_balance(None, first, later), (POSTINGS,)),
        "dunning": (lambda: _dun(later), (ITEMS,)),
    }


def _set_ladders() -> None:
    from mainstay.core.access.batch import system_user
    from mainstay.gas.arrears.actions import save_ladder
    from mainstay.gas.arrears.rules import SMS, Step
    from mainstay.gas.customers.models import Account

    for category in Account.Category.values:
        save_ladder(category=category, steps=[Step(1, SMS, 1)], by=system_user())


def _dun(on: date) -> None:
    """Propose a step for everybody who is late and confirm it, as the pages do; then undo it for the next round."""
    from django.db import connection, transaction

    from mainstay.core.access.batch import system_user
    from mainstay.core.organisation.models import Unit
    from mainstay.gas.arrears.actions import confirm_run, propose_run

    by = system_user()
    with transaction.atomic():
        run = propose_run(unit=Unit.objects.order_by("path")[:1].get(), by=by, on=on)
        confirm_run(run=run, by=by)
        if connection.vendor == "postgresql":
            connection.check_constraints()  # what a commit would do
        transaction.set_rollback(True)


def _middle(function: Callable[[], Any]) -> float:
    seconds = []
    for _round in range(ROUNDS):
        begun = time.monotonic()
        function()
        seconds.append(time.monotonic() - begun)
    return max(statistics.median(seconds), 1e-4)


def _read_all(tables: Sequence[tuple[str, str]]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for table, column in tables:
            cursor.execute(f"SELECT count(*), sum({column}) FROM {table}")  # noqa: S608
            cursor.fetchone()


def tell(found: dict[str, Any]) -> None:
    """Print the figures for people."""
    say(_("seconds of the report, of reading its tables, and their ratio (goal: {goal} s)").format(goal=GOAL_SECONDS))
    for name, one in found["reports"].items():
        say(f"  {name:<18} {one['seconds']:>8.3f} {one['limit_s']:>8.3f} {one['ratio_to_limit']:>7.3f}")
