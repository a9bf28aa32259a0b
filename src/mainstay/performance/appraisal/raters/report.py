"""Everything a page or a program wants to know about a round of ratings, in one object."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mainstay.performance.appraisal.raters.data import Ratings
from mainstay.performance.appraisal.raters.design import Design, Link, design_of, plan_links
from mainstay.performance.appraisal.raters.errors import RatingsError
from mainstay.performance.appraisal.raters.fit import Fit, Variances, adjusted_scores, fit
from mainstay.performance.appraisal.raters.measures import Doubt, Habits, habits, review_list

NOT_SEPARABLE = (
    "Not separable: no two raters rated the same person, so a soft rater cannot be told from a good team. Nothing is "
    "adjusted. Add the proposed ratings by second raters.",
    "无法区分：没有两位评分人评过同一个人，手松的评分人与优秀的团队无从分辨。不作任何调整，请补充建议的交叉评分。",
)
PARTLY = (
    "Not all raters can be compared: they fall into groups without a common ratee. Severities hold within a group; "
    "raters who share nobody are not adjusted. Add the proposed ratings by second raters.",
    "并非所有评分人都可比较：他们分成若干组，组间没有共同的被评人。松紧只在组内可比；没有共同被评人的评分人不作调整。"
    "请补充建议的交叉评分。",
)


@dataclass(frozen=True, slots=True)
class RaterLine:
    """One rater. `severity` is what he takes off a rating (positive: strict); None where it is not separable.

    `low`, `high`: its 95 % interval. `flagged`: the interval leaves out zero.
    """

    name: str
    severity: float | None
    low: float | None
    high: float | None
    reliability: float | None
    flagged: bool
    habits: Habits


@dataclass(frozen=True, slots=True)
class RateeLine:
    """One ratee: raw mean and adjusted mean with its 95 % interval (None where nothing can be adjusted)."""

    name: str
    ratings: int
    raters: int
    raw: float
    adjusted: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """The severity view of a round. `note_en`, `note_zh` say what limits it, empty where nothing does."""

    separable: bool
    connected: bool
    note_en: str
    note_zh: str
    variances: Variances | None
    mean: float
    covariate_slope: float | None
    criteria: dict[str, float]
    raters: list[RaterLine]
    ratees: list[RateeLine]
    review: list[Doubt]
    proposed: list[Link]
    selves: int


def report(ratings: Ratings, *, covariate: bool = False) -> Report:
    """Judge a round of ratings. A design that is not separable is no error: nothing is adjusted, links are proposed.

    Raises RatingsError when the ratings cannot be used at all (see `fit`).
    """
    design = design_of(ratings)
    if not design.separable:
        return _plain(ratings, design, NOT_SEPARABLE)
    found = fit(ratings, covariate=covariate)
    note_en, note_zh = ("", "") if design.connected else PARTLY
    v = found.variances
    return Report(
        separable=True,
        connected=design.connected,
        note_en=note_en,
        note_zh=note_zh,
        variances=v,
        mean=found.mean,
        covariate_slope=found.covariate_slope,
        criteria={name: float(found.criterion[k]) for k, name in enumerate(ratings.criteria)}
        if len(ratings.criteria) > 1
        else {},
        raters=_raters(ratings, found),
        ratees=_ratees(ratings, found),
        review=review_list(ratings, found),
        proposed=[] if design.connected else plan_links(ratings),
        selves=ratings.selves,
    )


def _plain(ratings: Ratings, design: Design, note: tuple[str, str]) -> Report:
    """The report of ratings that tell nothing about severity: raw means only."""
    if design.separable:
        raise RatingsError("The design is separable.", "设计可以区分。")
    counts = np.bincount(ratings.ratee)
    raw = np.bincount(ratings.ratee, ratings.value) / counts
    return Report(
        separable=False,
        connected=False,
        note_en=note[0],
        note_zh=note[1],
        variances=None,
        mean=float(ratings.value.mean()),
        covariate_slope=None,
        criteria={},
        raters=[
            RaterLine(name, None, None, None, None, False, one)
            for name, one in zip(ratings.raters, habits(ratings, None), strict=True)
        ],
        ratees=[
            RateeLine(name, int(counts[k]), 1, float(raw[k]), None, None, None) for k, name in enumerate(ratings.ratees)
        ],
        review=[],
        proposed=plan_links(ratings),
        selves=ratings.selves,
    )


def _raters(ratings: Ratings, found: Fit) -> list[RaterLine]:
    lines = []
    for k, (name, one) in enumerate(zip(ratings.raters, habits(ratings, found), strict=True)):
        if found.design.alone[k]:
            lines.append(RaterLine(name, None, None, None, None, False, one))
            continue
        severity, half = -float(found.effect[k]), found.quantile * float(found.error[k])
        flagged = abs(severity) > half > 0
        lines.append(
            RaterLine(name, severity, severity - half, severity + half, float(found.reliability[k]), flagged, one)
        )
    return lines


def _ratees(ratings: Ratings, found: Fit) -> list[RateeLine]:
    raw, adjusted, error = adjusted_scores(ratings, found)
    counts = np.bincount(ratings.ratee)
    pairs = np.unique(np.column_stack([ratings.ratee, ratings.rater]), axis=0)
    raters_of = np.bincount(pairs[:, 0], minlength=len(ratings.ratees))
    alone = np.zeros(len(ratings.ratees), bool)
    alone[ratings.ratee] = found.design.alone[ratings.rater]
    half = found.quantile * error
    return [
        RateeLine(
            name,
            int(counts[k]),
            int(raters_of[k]),
            float(raw[k]),
            None if alone[k] else float(adjusted[k]),
            None if alone[k] else float(adjusted[k] - half[k]),
            None if alone[k] else float(adjusted[k] + half[k]),
        )
        for k, name in enumerate(ratings.ratees)
    ]
