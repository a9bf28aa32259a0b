"""Appraisal of a big company: scores, severity of all raters, and the pages of calibration.

    ./mainstay bench appraisal --people 5000 [--json]

Builds a company with signed contracts, verified values and ratings by own superior and a second rater, scores it and
opens the pages of calibration through the whole stack.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mainstay.bench.figures import milliseconds, timed
from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.performance.appraisal.models import Round

GOAL_MS = 200.0
FEWEST = 100


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay bench appraisal", description=_("Measure the appraisal of a big company"))
    made.add_argument("--people", type=whole(), default=5_000, help=_("people who are appraised"))
    made.add_argument(
        "--times", type=whole(), default=30,
        help=_("how often each page is opened; those near the goal are opened a hundred times"),
    )  # fmt: skip
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def main(argv: list[str]) -> int:
    """Build, score, open, print; 0 when every page is within its goal."""
    options = parser().parse_args(argv)
    if options.people < FEWEST or options.times < 1:
        say(_("Take at least 100 people and one time."), error=True)
        return 2
    from mainstay.bench.payments import own_database

    with own_database("appraisal") as name, tempfile.TemporaryDirectory(prefix="mainstay-bench-") as folder:
        os.environ["MAINSTAY_DATA"] = folder
        Path(folder, "static").mkdir()
        from mainstay.commands.ready import django_ready

        django_ready()
        from django.core.management import call_command

        from mainstay.bench.appraisal_work import build

        call_command("migrate", verbosity=0, interactive=False)
        say(_("Building {people} people with contracts and ratings …").format(people=f"{options.people:,}"))
        one, user = build(options.people)
        found = {"database": name, "people": options.people, **measure(one, user, options.times)}
    tell(found)
    if options.json:
        say(json.dumps(found))
    return 0 if found["worst_p95_ms"] <= GOAL_MS else 1


def measure(one: Round, user: User, times: int) -> dict[str, Any]:
    """Seconds of the work of a round, milliseconds of its pages."""
    from mainstay.performance.appraisal.batch import estimate, score_round

    begun = time.perf_counter()
    scored = score_round(one)
    scoring = time.perf_counter() - begun
    begun = time.perf_counter()
    runs = [estimate(one, axis) for axis in ("ability", "potential")]
    severity = time.perf_counter() - begun
    pages = {name: opened(user, address, times) for name, address in _addresses(one).items()}
    worst = max(pages, key=lambda name: pages[name]["p95_ms"])
    return {
        "scored": scored,
        "score_s": round(scoring, 2),
        "ratings": sum(run.ratings for run in runs if run),
        "severity_s": round(severity, 2),
        "goal_ms": GOAL_MS,
        "pages": pages,
        "worst": worst,
        "worst_p95_ms": pages[worst]["p95_ms"],
    }


def _addresses(one: Round) -> dict[str, str]:
    from django.urls import reverse

    sheet, first = reverse("appraisal:calibration", args=[one.pk]), one.appraisals.order_by("pk").first()
    assert first is not None  # noqa: S101  # the company was just built
    return {
        "calibration": sheet,
        "calibration, one unit": f"{sheet}?unit={first.unit_id}",
        "calibration, one box": f"{sheet}?box=5",
        "calibration, page 20": f"{sheet}?page=20",
        "round": one.get_absolute_url(),
        "raters": reverse("appraisal:raters", args=[one.pk]),
        "person": first.get_absolute_url(),
    }


def opened(user: User, address: str, times: int) -> dict[str, Any]:
    """Open a page; the first time reads templates and is not counted."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost", headers={"Accept-Language": "en"})
    client.force_login(user)
    status = client.get(address).status_code
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
        queries = len(captured.captured_queries)
    seconds = timed(lambda _number: client.get(address), times, GOAL_MS)
    return {
        "status": status,
        "p50_ms": milliseconds(seconds, 50),
        "p95_ms": milliseconds(seconds, 95),
        "queries": queries,
    }


def tell(found: dict[str, Any]) -> None:
    """Print what was measured."""
    text = _("{people} people scored in {score} s; severity from {ratings} ratings in {severity} s")
    say(text.format(people=f"{found['scored']:,}", score=found["score_s"], ratings=f"{found['ratings']:,}",
                    severity=found["severity_s"]))  # fmt: skip
    for name, one in found["pages"].items():
        say(f"  {name:<28} {one['p50_ms']:>8} {one['p95_ms']:>8} ms {one['queries']:>4}   {one['status']}")
    say(_("worst 95th percentile: {worst} ms; goal {goal} ms").format(worst=found["worst_p95_ms"], goal=GOAL_MS))
