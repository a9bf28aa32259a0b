"""Late fees of a whole company: reckoning what every open bill owes, and posting it by INSERTs alone.

./mainstay bench latefees --accounts 1000000 [--json]

One period is billed and released and nobody pays. The limit of the posting is the same rows put into a bare copy of the
table it writes, which has neither key, index nor guard.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say

GOAL_ACCRUE_S, GOAL_POST_S = 30, 3


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
    return 0 if found["count_s"] <= GOAL_ACCRUE_S and found["post_s"] <= GOAL_POST_S else 1


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay bench latefees", description=_("Measure late fees"))
    made.add_argument("--accounts", type=whole(), default=100_000, help=_("accounts of the company"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def measure() -> dict[str, Any]:
    """Seconds of reckoning and of posting a run, what was posted, a second reckoning that finds nothing, the limit.

    The run is counted and posted as its jobs do it: with advances settled, the run's own bookkeeping and each commit.
    """
    from mainstay.gas.latefees import batch_runs
    from mainstay.gas.latefees.models import LateFeeRule, LateFeeRun

    for category in ("residential", "institution", "commercial", "industrial"):
        LateFeeRule.objects.create(category=category, from_on=date(2000, 1, 1), notice="bench", daily_ppm=3_000)
    on = _due_on() + timedelta(days=30)
    run = _new_run(on)
    count_s = _seconds(lambda: batch_runs.count_run(run, _nobody))
    LateFeeRun.objects.filter(pk=run.pk).update(state=LateFeeRun.State.POSTING)
    with _reckoning() as reckoned:
        whole_s = _seconds(lambda: batch_runs.post_run(run, run.by_id, _nobody))
    run.refresh_from_db()
    again = _new_run(on)
    again_s = _seconds(lambda: batch_runs.count_run(again, _nobody))
    again.refresh_from_db()
    limit_s = _limit()
    post_s = whole_s - reckoned[0]
    return {
        "fees": run.fees, "count_s": round(count_s, 2), "accrue_s": round(reckoned[0], 2), "post_s": round(post_s, 2),
        "limit_s": round(limit_s, 2), "ratio_to_limit": round(limit_s / max(post_s, 1e-4), 3),
        "again": again.proposed_fees, "again_s": round(again_s, 2),
    }  # fmt: skip


def _new_run(on: date) -> Any:
    """A run of the whole company up to a day, as its action makes it."""
    from django.utils import timezone

    from mainstay.core.access.batch import system_user
    from mainstay.core.organisation.models import Unit
    from mainstay.gas.latefees.models import LateFeeRun

    unit = Unit.objects.order_by("path")[:1].get()
    return LateFeeRun.objects.create(unit=unit, through_on=on, business_on=on, by=system_user(), at=timezone.now())


def _nobody(done: int, total: int) -> None:
    """Progress that nobody watches."""


def _seconds(work: Callable[[], object]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


@contextmanager
def _reckoning() -> Iterator[list[float]]:
    """Inside, the seconds that a run spends on reckoning add up in the one number of the list."""
    from mainstay.gas.latefees import batch

    spent, reckon = [0.0], batch.accrue

    def timed(*given: Any) -> int:
        begun = time.monotonic()
        try:
            return reckon(*given)
        finally:
            spent[0] += time.monotonic() - begun

    batch.accrue = timed  # type: ignore[assignment]
    try:
        yield spent
    finally:
        batch.accrue = reckon


def _due_on() -> date:
    from mainstay.gas.billing.models import OpenItem

    return OpenItem.objects.values_list("due_on", flat=True)[:1].get()


def _limit() -> float:
    """Seconds to put the posted rows into a bare table, with its commit."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE source AS SELECT * FROM billing_accrual")
        cursor.execute("CREATE TABLE bare AS SELECT * FROM source LIMIT 0")

        def put() -> None:
            with transaction.atomic():
                cursor.execute("INSERT INTO bare SELECT * FROM source")

        return _seconds(put)


def tell(found: dict[str, Any]) -> None:
    """Print the figures for people."""
    for words, value in (
        (_("late fees"), f"{found['fees']:,}"),
        (_("seconds to count them (goal: {goal} s)").format(goal=GOAL_ACCRUE_S), found["count_s"]),
        (_("seconds to reckon them again as they are posted"), found["accrue_s"]),
        (_("seconds to post them (goal: {goal} s)").format(goal=GOAL_POST_S), found["post_s"]),
        (_("seconds for the same rows in a bare table, ratio"), f"{found['limit_s']}, {found['ratio_to_limit']}"),
        (_("seconds of a second run, fees it found"), f"{found['again_s']}, {found['again']}"),
    ):
        say(f"  {words:<52} {value}")
