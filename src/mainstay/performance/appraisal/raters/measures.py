"""Beside severity: how widely a rater spreads, whether he tells criteria apart, and whose rating asks for evidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mainstay.performance.appraisal.raters.data import Floats, Ints, Ratings
from mainstay.performance.appraisal.raters.fit import Fit
from mainstay.performance.appraisal.raters.system import of_pairs

REVIEW_FROM = 2.0  # standard errors
FEWEST_FOR_HALO = 3  # people a rater has rated on all of two criteria or more
FEWEST_FOR_AGREEMENT = 4  # people of a rater who have a verified score


@dataclass(frozen=True, slots=True)
class Habits:
    """A rater's habits, None where the data say nothing.

    `spread`: the spread of the people he rated, in his ratings, against the spread expected of them (1 as others, less:
    he rates all alike). `halo`: correlation of his criteria across people (1: he gives one impression, five times).
    `lowest`, `highest`: the range of the scale he used. `agreement`: correlation of his ratings with verified scores.
    """

    ratings: int
    people: int
    mean: float
    spread: float | None
    halo: float | None
    lowest: float
    highest: float
    agreement: float | None


def habits(ratings: Ratings, found: Fit | None) -> list[Habits]:
    """Return the habits of each rater; without a fitted model the spread cannot be judged."""
    pairs = _pairs(ratings)
    return [_habits(ratings, found, pairs, rater) for rater in range(len(ratings.raters))]


Pairs = tuple[Floats, Ints, Ints, Floats]


def _pairs(ratings: Ratings) -> Pairs:
    """Mean rating, rater, ratee and number of ratings of each pair."""
    sizes = np.bincount(ratings.pair).astype(float)
    means = np.bincount(ratings.pair, ratings.value) / sizes
    of_rater, of_ratee = np.zeros(len(sizes), np.int64), np.zeros(len(sizes), np.int64)
    of_rater[ratings.pair], of_ratee[ratings.pair] = ratings.rater, ratings.ratee
    return means, of_rater, of_ratee, sizes


def _habits(ratings: Ratings, found: Fit | None, of_pairs: Pairs, rater: int) -> Habits:
    means, of_rater, of_ratee, sizes = of_pairs
    rows = ratings.rater == rater
    pairs = of_rater == rater
    values, mine = ratings.value[rows], means[pairs]
    spread = None
    if found is not None and len(mine) > 1:
        v = found.variances
        expected = v.person + v.pair + v.noise / float(sizes[pairs].mean())
        spread = float(np.std(mine, ddof=1) / np.sqrt(expected)) if expected > 0 else None
    scores = ratings.scores[of_ratee[pairs]]
    known = np.isfinite(scores)
    agreement = _correlation(mine[known], scores[known]) if known.sum() >= FEWEST_FOR_AGREEMENT else None
    return Habits(
        ratings=int(rows.sum()),
        people=int(pairs.sum()),
        mean=float(values.mean()),
        spread=spread,
        halo=_halo(ratings, rows),
        lowest=float(values.min()),
        highest=float(values.max()),
        agreement=agreement,
    )


def _halo(ratings: Ratings, rows: np.ndarray) -> float | None:
    """Mean correlation between the columns of a rater's table of people by criteria; complete rows only."""
    people, row = np.unique(ratings.ratee[rows], return_inverse=True)
    criteria, column = np.unique(ratings.criterion[rows], return_inverse=True)
    if len(criteria) == 1 or len(people) < FEWEST_FOR_HALO:
        return None
    table = np.full((len(people), len(criteria)), np.nan)
    table[row, column] = ratings.value[rows]
    table = table[np.isfinite(table).all(axis=1)]
    if len(table) < FEWEST_FOR_HALO:
        return None
    table = table[:, table.std(axis=0) > 0]
    if table.shape[1] <= 1:
        return None
    correlation = np.corrcoef(table, rowvar=False)
    return float(correlation[np.triu_indices(len(correlation), 1)].mean())


def _correlation(one: Floats, other: Floats) -> float | None:
    if one.std() == 0 or other.std() == 0:
        return None
    return float(np.corrcoef(one, other)[0, 1])


@dataclass(frozen=True, slots=True)
class Doubt:
    """A pair whose mean rating is far from what the model expects: `gap` in rating units, `z` in standard errors."""

    ratee: str
    rater: str
    gap: float
    z: float


def review_list(ratings: Ratings, found: Fit) -> list[Doubt]:
    """Own superiors' ratings that ask for evidence, farthest first.

    Where nothing tells who is whose superior, every rater counts. Only people with a second rater can be judged. About
    a third of such a list is favour or disfavour in earnest: it is a question, never a verdict.
    """
    layout, solved = found.layout, found.solved
    pairs = len(layout.pair_size)
    _means, of_rater, of_ratee, _sizes = _pairs(ratings)
    residual, spread, weight = of_pairs(layout, solved)
    variance = solved.noise * np.maximum(1.0 / layout.pair_size - spread, 1e-12)
    z = residual / np.sqrt(variance)
    raters_of = np.bincount(of_ratee, minlength=layout.persons)
    own = np.zeros(pairs, bool)
    own[ratings.pair] = ratings.own == 1
    asked = own if (ratings.own >= 0).any() else np.ones(pairs, bool)
    chosen = np.flatnonzero(asked & (raters_of[of_ratee] > 1) & (np.abs(z) >= REVIEW_FROM))
    doubts = [
        Doubt(ratings.ratees[of_ratee[k]], ratings.raters[of_rater[k]], float(residual[k] / weight[k]), float(z[k]))
        for k in chosen
    ]
    return sorted(doubts, key=lambda doubt: -abs(doubt.z))
