"""Rater severity: the model fitted to simulated ratings, beside one sparse factorisation of the same equations.

    ./mainstay bench raters --people 300 --raters 30 --criteria 5 [--json]

Every person is rated by two raters drawn at random. The yardstick is the plain way: the full mixed-model equations
factorised once (sparse LU) and solved once, at the solution; REML would have to do this at every step of its search.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import TYPE_CHECKING, Any

from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say

if TYPE_CHECKING:
    from mainstay.performance.appraisal.raters import Fit, Ratings

GOAL_S = 2.0
FEWEST_RATERS = 3


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay bench raters", description=_("Measure the model of rater severity"))
    made.add_argument("--people", type=whole(), default=300, help=_("people who are rated, by two raters each"))
    made.add_argument("--raters", type=whole(), default=30, help=_("raters"))
    made.add_argument("--criteria", type=whole(), default=5, help=_("criteria of each rating"))
    made.add_argument("--halo", type=float, default=0.3, help=_("standard deviation of what sticks to a pair"))
    made.add_argument("--runs", type=whole(), default=5, help=_("how often; the median counts"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def main(argv: list[str]) -> int:
    """Simulate, fit, compare with what was planted, print; 0 when it was fast enough."""
    options = parser().parse_args(argv)
    if options.raters < FEWEST_RATERS or options.people < options.raters or options.criteria < 1 or options.runs < 1:
        say(_("Take at least 3 raters, as many people as raters, one criterion and one run."), error=True)
        return 2
    import mainstay.performance.appraisal.raters  # noqa: F401  # before NumPy: it keeps linear algebra to one thread

    found = measure(options)
    say(
        _("{ratings} ratings: {seconds} s for severities, intervals and adjusted scores (goal {goal} s)").format(
            ratings=found["ratings"], seconds=found["median_s"], goal=GOAL_S
        )
    )
    say(
        _(
            "Equations solved {times} times; one sparse factorisation of them: {limit} ms; {times} of them: {all} s"
        ).format(times=found["evaluations"], limit=found["limit_ms"], all=found["limit_all_s"])
    )
    say(
        _("Correlation with the planted severities {r}, root mean square error {rmse}").format(
            r=found["correlation"], rmse=found["rmse"]
        )
    )
    if options.json:
        say(json.dumps(found))
    return 0 if found["median_s"] <= GOAL_S else 1


def simulate(people: int, raters: int, criteria: int, halo: float, seed: int = 1) -> tuple[Ratings, dict[str, float]]:
    """Return ratings and the planted severity of each rater."""
    import numpy as np

    from mainstay.performance.appraisal.raters import Given, collect

    chance = np.random.default_rng(seed)
    merit, severity = chance.normal(0, 0.6, people), chance.normal(0, 0.5, raters)
    level = chance.normal(0, 0.3, criteria)
    rows = []
    for person in range(people):
        for rater in chance.choice(raters, 2, replace=False):
            base = 3 + merit[person] - severity[rater] + chance.normal(0, halo)
            rows += [
                Given(f"R{rater}", f"P{person}", f"C{k}", float(base + level[k] + chance.normal(0, 0.6)))
                for k in range(criteria)
            ]
    return collect(rows), {f"R{k}": float(value) for k, value in enumerate(severity)}


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Time the whole report and, in the same run, the limit."""
    import numpy as np

    from mainstay.performance.appraisal.raters import fit, report

    ratings, planted = simulate(options.people, options.raters, options.criteria, options.halo)
    seconds = []
    for _run in range(options.runs):
        start = time.perf_counter()
        found = report(ratings)
        seconds.append(time.perf_counter() - start)
    fitted = fit(ratings)
    limit = limit_s(fitted, options.runs)
    true = np.array([planted[line.name] for line in found.raters])
    severity = np.array([line.severity for line in found.raters])
    return {
        "ratings": ratings.count,
        "people": options.people,
        "raters": options.raters,
        "median_s": round(sorted(seconds)[len(seconds) // 2], 3),
        "evaluations": fitted.evaluations,
        "limit_ms": round(limit * 1000, 2),
        "limit_all_s": round(limit * fitted.evaluations, 3),
        "correlation": round(float(np.corrcoef(severity, true)[0, 1]), 4),
        "rmse": round(float(np.sqrt(np.mean((severity - (true - true.mean())) ** 2))), 4),
    }


def limit_s(fitted: Fit, runs: int) -> float:
    """Seconds to factorise the full equations once and solve them once: the best of several tries."""
    import numpy as np
    from scipy.sparse import block_array, csc_array, diags_array
    from scipy.sparse.linalg import splu

    solved = fitted.solved
    core = csc_array(solved.core)
    whole = csc_array(block_array([[diags_array(solved.diagonal), solved.border], [solved.border.T, core]]))
    side, best = np.ones(whole.shape[0]), float("inf")
    for _run in range(max(runs, 5)):
        start = time.perf_counter()
        splu(whole, permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True}).solve(side)
        best = min(best, time.perf_counter() - start)
    return best
