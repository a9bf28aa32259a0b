"""Late fees of a whole company: reckoning what every open bill owes, and posting it by INSERTs alone.

./mainstay bench latefees --accounts 1000000 [--json]

One period is billed and released and nobody pays. The limit of the posting is the same number of rows put into bare
copies of the three tables it writes, which have neither key, index nor guard.
"""

from __future__ import annotations

import argparse
import json
import time
from datetime import date, timedelta
from typing import Any

from mainstay.commands.words import _, say

GOAL_ACCRUE_S, GOAL_POST_S = 30, 3
TABLES = ("billing_bill", "billing_openitem", "ledger_posting")


def main(argv: list[str]) -> int:
    """Build a company in a database of its own, bill it, let it be late; 0 when both goals are met."""
    options = parser().parse_args(argv)
    from mainstay.bench.payments import own_database

    with own_database("latefees") as name:
        from mainstay.bench.reports import billed_company
        from mainstay.commands.ready import django_ready

        django_ready()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        billed_company(options.accounts)
        found = {"database": name, "accounts": options.accounts, **measure()}
    tell(found)
    if options.json:
        say(json.dumps(found))
    return 0 if found["accrue_s"] <= GOAL_ACCRUE_S and found["post_s"] <= GOAL_POST_S else 1


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay bench latefees", description=_("Measure late fees"))
    made.add_argument("--accounts", type=int, default=100_000, help=_("accounts of the company"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def measure() -> dict[str, Any]:
    """Seconds of reckoning and of posting, what was posted, a second reckoning that finds nothing, the limit."""
    from mainstay.gas.latefees import batch
    from mainstay.gas.latefees.models import LateFeeRule

    for category in ("residential", "institution", "commercial", "industrial"):
        LateFeeRule.objects.create(category=category, from_on=date(2000, 1, 1), notice="bench", daily_ppm=3_000)
    due_on = _due_on()
    on = due_on + timedelta(days=30)
    accrue_s = post_s = 0.0
    fees = 0
    for first, last in batch.parts(""):
        took, posted, count = _part(batch.Scope(on, on, first, last, "", due_on))
        accrue_s, post_s, fees = accrue_s + took, post_s + posted, fees + count
    begun = time.monotonic()
    again = sum(_part(batch.Scope(on, on, first, last, "", due_on))[2] for first, last in batch.parts(""))
    again_s = time.monotonic() - begun
    limit_s = _limit(on)
    return {
        "fees": fees, "accrue_s": round(accrue_s, 2), "post_s": round(post_s, 2), "limit_s": round(limit_s, 2),
        "ratio_to_limit": round(limit_s / max(post_s, 1e-4), 3), "again": again, "again_s": round(again_s, 2),
    }  # fmt: skip


def _due_on() -> date:
    from mainstay.gas.billing.models import OpenItem

    return OpenItem.objects.values_list("due_on", flat=True)[:1].get()


def _part(scope: Any) -> tuple[float, float, int]:
    """Seconds of reckoning and of posting one part with its commit, and its fees."""
    from django.db import transaction

    from mainstay.gas.billing.batch.sql import statements
    from mainstay.gas.latefees import batch

    begun = time.monotonic()
    with transaction.atomic(), statements() as cursor:
        count = batch.accrue(cursor, scope)
        reckoned = time.monotonic()
        if count:
            batch.post_work(cursor)
    return reckoned - begun, time.monotonic() - reckoned, count


def _limit(on: date) -> float:
    """Seconds to put the posted rows into bare tables."""
    from django.db import connection

    seconds = 0.0
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608
            names = ", ".join(
                f'"{column[0]}"' for column in cursor.description or () if column[0] != "account_id_or_null"
            )
            mine = {"billing_bill": "kind = 11", "ledger_posting": "business_on = %s", "billing_openitem": "seq > 0"}[
                table
            ]
            cursor.execute(f"CREATE TEMPORARY TABLE source_{table} AS SELECT {names} FROM {table} WHERE {mine}",  # noqa: S608
                           [on] if "%s" in mine else [])  # fmt: skip
            cursor.execute(f"CREATE TABLE bare_{table} AS SELECT * FROM source_{table} LIMIT 0")  # noqa: S608
            begun = time.monotonic()
            cursor.execute(f"INSERT INTO bare_{table} SELECT * FROM source_{table}")  # noqa: S608
            seconds += time.monotonic() - begun
    return seconds


def tell(found: dict[str, Any]) -> None:
    """Print the figures for people."""
    for words, value in (
        (_("late fees"), f"{found['fees']:,}"),
        (_("seconds to reckon them (goal: {goal} s)").format(goal=GOAL_ACCRUE_S), found["accrue_s"]),
        (_("seconds to post them (goal: {goal} s)").format(goal=GOAL_POST_S), found["post_s"]),
        (_("seconds for the same rows in bare tables, ratio"), f"{found['limit_s']}, {found['ratio_to_limit']}"),
        (_("seconds of a second run, fees it found"), f"{found['again_s']}, {found['again']}"),
    ):
        say(f"  {words:<52} {value}")
