"""REML estimates of the severity model and the best linear unbiased predictions (BLUP) that follow from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.special import stdtrit  # Student's t; scipy.stats, which has it too, takes a second to load

from mainstay.performance.appraisal.raters.data import Floats, Ratings
from mainstay.performance.appraisal.raters.design import Design, design_of
from mainstay.performance.appraisal.raters.errors import RatingsError
from mainstay.performance.appraisal.raters.system import (
    CRITERION,
    PAIR,
    PERSON,
    RATER,
    Layout,
    Solved,
    gradient,
    layout_of,
    solve,
)

CONFIDENCE = 0.95
# A correlation within pairs is believed when it lowers −2 log REML by more than chance does once in a hundred times
# (half a chi-square of one degree of freedom: the boundary).
PAIR_GAIN = 5.412
FEWEST = 3  # degrees of freedom of the noise; people with a verified score
SMALLEST = 1e-4  # of a standard deviation against the noise; less is none


@dataclass(frozen=True, slots=True)
class Variances:
    """Variance components in squared rating units; `pair` is 0 where the noise of a pair does not stick together."""

    person: float
    rater: float
    criterion: float
    noise: float
    pair: float = 0.0


@dataclass(frozen=True, slots=True)
class Fit:
    """The fitted model. `effect[j]` is what rater j adds to ratings (severity is its negative), `error[j]` its standard
    error, `reliability[j]` how much of the raters' variance the data resolve for him (0 nothing, 1 all).

    `quantile` turns a standard error into half a 95 % interval.
    """

    layout: Layout
    design: Design
    solved: Solved
    variances: Variances
    mean: float
    covariate_slope: float | None
    effect: Floats
    error: Floats
    reliability: Floats
    criterion: Floats
    person: Floats
    quantile: float
    evaluations: int


def fit(ratings: Ratings, *, covariate: bool = False) -> Fit:
    """Fit the model by REML. With `covariate` the ratees' verified scores enter as a fixed effect.

    Raises RatingsError when the design is not separable, when there is no noise to measure, or when a covariate is
    asked for and hardly anybody has one.
    """
    design = design_of(ratings)
    if not design.separable:
        raise RatingsError(
            "Not separable: no two raters have rated the same person, so a soft rater looks like a good team.",
            "无法区分：没有两位评分人评过同一个人，手松的评分人与优秀的团队看起来一样。",
        )
    scores = _covariate(ratings) if covariate else None
    layout = layout_of(ratings, design, scores)
    if ratings.count - layout.fixed.shape[1] < FEWEST or float(np.ptp(ratings.value)) == 0.0:
        raise RatingsError(
            "The ratings do not differ, or are too few to tell severity from noise. Collect more.",
            "评分完全相同或太少，无法把松紧与偶然区分开，请收集更多评分。",
        )
    solved, evaluations = _estimate(layout)
    return _result(design, layout, solved, covariate=covariate, evaluations=evaluations)


def _covariate(ratings: Ratings) -> Floats:
    known = ratings.scores[np.isfinite(ratings.scores)]
    if len(known) < FEWEST or float(np.ptp(known)) == 0.0:
        raise RatingsError(
            "Verified scores are there for fewer than three people, or all are the same. Leave the covariate out.",
            "有核实得分的人不足三个或得分全都相同，请不要使用协变量。",
        )
    return ratings.scores


def _estimate(layout: Layout) -> tuple[Solved, int]:
    """Minimise −2 log REML over the standard deviations, first without correlation in pairs, then with it."""
    free = [PERSON, RATER] + ([CRITERION] if layout.small[2] else [])
    best, evaluations = _minimise(layout, free, np.array([1.0, 0.5, 0.5, 0.0]))
    repeated = layout.small[2] > 0 and float(layout.pair_size.max()) > 1
    if repeated:
        wider, more = _minimise(layout, [*free, PAIR], np.maximum(best.scale, [0.0, 0.0, 0.0, 0.3]))
        evaluations += more
        if best.deviance - wider.deviance > PAIR_GAIN:
            best = wider
    return best, evaluations


def _minimise(layout: Layout, free: list[int], start: Floats) -> tuple[Solved, int]:
    def at(values: Floats) -> Floats:
        scale = start.copy()
        scale[free] = np.where(values < SMALLEST, 0.0, values)
        return scale

    def deviance(values: Floats) -> tuple[float, Floats]:
        solved = solve(layout, at(values))
        return solved.deviance, gradient(layout, solved)[free]

    from scipy.optimize import minimize  # half of what the package takes to load, and only needed here

    found = minimize(
        deviance,
        np.maximum(start[free], 0.05),
        method="L-BFGS-B",
        jac=True,
        bounds=[(0.0, 1e3)] * len(free),
        options={"ftol": 1e-10, "gtol": 1e-5, "maxiter": 200},
    )
    return solve(layout, at(np.asarray(found.x))), int(found.nfev)


def _result(design: Design, layout: Layout, solved: Solved, *, covariate: bool, evaluations: int) -> Fit:
    fixed, raters, criteria = layout.small
    scale, noise = solved.scale, solved.noise
    variances = Variances(
        person=noise * scale[PERSON] ** 2,
        rater=noise * scale[RATER] ** 2,
        criterion=noise * scale[CRITERION] ** 2 if criteria else 0.0,
        noise=noise,
        pair=noise * scale[PAIR] ** 2,
    )
    mine = slice(fixed, fixed + raters)
    error = np.sqrt(np.maximum(np.diag(solved.inverse)[mine] * variances.rater, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        reliability = np.where(variances.rater > 0, 1.0 - error**2 / variances.rater, 0.0)
    means = len(np.unique(design.of_ratee))
    weight = np.bincount(np.unique(design.of_ratee, return_inverse=True)[1], minlength=means)
    return Fit(
        layout=layout,
        design=design,
        solved=solved,
        variances=variances,
        mean=float(solved.small[:means] @ weight / weight.sum()),
        covariate_slope=float(solved.small[means]) if covariate else None,
        effect=solved.small[mine],
        error=error,
        reliability=np.clip(reliability, 0.0, 1.0),
        criterion=solved.small[fixed + raters :],
        person=solved.person,
        quantile=float(stdtrit(max(raters - 1, 2), 0.5 + CONFIDENCE / 2)),
        evaluations=evaluations,
    )


def adjusted_scores(ratings: Ratings, found: Fit) -> tuple[Floats, Floats, Floats]:
    """Return for each ratee the raw mean, the adjusted mean and its standard error.

    Adjusted is the raw mean less what his raters add and less what his criteria add: the mean an average rater would
    have given on the average criterion. It is not shrunk. The error is that of the adjusted mean against mean + person.
    """
    layout, solved = found.layout, found.solved
    fixed, _raters, criteria = layout.small
    people, rows = layout.persons, np.arange(ratings.count)
    counts = np.bincount(layout.person, minlength=people).astype(float)
    average = csr_array((1.0 / counts[layout.person], (layout.person, rows)), shape=(people, ratings.count))
    raw = average @ ratings.value
    by_rater = (average @ layout.raters).toarray()
    by_criterion = (average @ layout.criteria).toarray() if criteria else np.zeros((people, 0))
    adjusted = raw - by_rater @ found.effect - (by_criterion @ found.criterion if criteria else 0.0)
    # Error = mean noise of the person + a'(u − û), whose covariance is −s² a'C⁻¹ t: t is the mean row of the design.
    taken = np.column_stack(
        [np.zeros((people, fixed)), by_rater * solved.scale[RATER], by_criterion * solved.scale[CRITERION]]
    )
    mean_row = taken.copy()
    mean_row[:, :fixed] = average @ layout.fixed
    own = np.full(people, solved.scale[PERSON])
    mean_row -= (own / solved.diagonal)[:, None] * solved.border.toarray()
    shared = np.einsum("ij,ij->i", taken @ solved.inverse, taken - 2.0 * mean_row)
    sizes = np.bincount(layout.pair, minlength=len(layout.pair_size))
    of_pair = np.zeros(len(sizes), np.int64)
    of_pair[layout.pair] = layout.person
    stuck = np.bincount(of_pair, (sizes / counts[of_pair]) ** 2, people) * solved.scale[PAIR] ** 2
    variance = solved.noise * np.maximum(1.0 / counts + stuck + shared, 0.0)
    return raw, adjusted, np.sqrt(variance)
