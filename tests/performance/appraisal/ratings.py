"""Simulated ratings with planted severities: rating = 3 + merit − severity + criterion + noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mainstay.performance.appraisal.raters import Given, Ratings, Report, collect

PEOPLE, RATERS = 300, 30
SEVERITY, NOISE, MERIT = 0.5, 0.6, 0.6


@dataclass(frozen=True)
class Round:
    """Ratings and the truth behind them, in the order of `ratings.raters` and `ratings.ratees`."""

    ratings: Ratings
    severity: np.ndarray
    merit: np.ndarray

    def told(self, report: Report) -> np.ndarray:
        return np.array([line.severity for line in report.raters], float)

    def raw(self, report: Report) -> np.ndarray:
        """What the raw means of raters would say of their severity."""
        return -np.array([line.habits.mean for line in report.raters])


def simulate(
    links: str,
    seed: int,
    *,
    severity: float = SEVERITY,
    criteria: int = 1,
    halo: float = 0.0,
    people: int = PEOPLE,
    raters: int = RATERS,
) -> Round:
    """Every person is rated by the own superior and by `links` others: "random" two, "ring" the next one, "none"."""
    chance = np.random.default_rng(seed)
    merit = chance.normal(0, MERIT, people)
    strict = chance.normal(0, severity, raters) if severity else np.zeros(raters)
    level = chance.normal(0, 0.3, criteria) if criteria > 1 else np.zeros(1)
    rows = []
    for person in range(people):
        own = person * raters // people
        by = [own, (own + 1) % raters] if links == "ring" else [own]
        if links == "random":
            by += chance.choice([rater for rater in range(raters) if rater != own], 2, replace=False).tolist()
        for rater in by:
            base = 3 + merit[person] - strict[rater] + (chance.normal(0, halo) if halo else 0.0)
            rows += [
                Given(str(rater), f"p{person}", f"c{k}", base + level[k] + chance.normal(0, NOISE), own=rater == own)
                for k in range(criteria)
            ]
    ratings = collect(rows)
    order = [int(name) for name in ratings.raters]
    return Round(ratings, strict[order], merit[[int(name[1:]) for name in ratings.ratees]])
