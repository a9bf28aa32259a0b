"""Henderson's mixed-model equations of the severity model, persons eliminated.

Model: rating = mean + person + rater + criterion + noise, all but the mean random and crossed. Where one rater's
ratings of one person stick together (halo), the noise of such a pair is correlated: rows are whitened pair by pair.
With `l` the standard deviations of the factors over that of the noise, and Z scaled by them, the equations are

    C = [X'X  X'Zl; lZ'X  lZ'Zl + 1],     −2 log REML = (n − p) log s² + log|C| − log|whitening|² + constant,

s² = y'(y − fitted) / (n − p). A zero standard deviation is no special case. The block of the persons in C is diagonal:
it is eliminated, and a dense system of the size of raters + criteria + means remains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array, diags_array

from mainstay.performance.appraisal.raters.data import Floats, Ints, Ratings
from mainstay.performance.appraisal.raters.design import Design

PERSON, RATER, CRITERION, PAIR = range(4)


@dataclass(frozen=True, slots=True)
class Layout:
    """The unscaled design: `fixed` (n × p), raters and criteria as sparse indicators, and who is rated in which row.

    `order` names the columns of the dense system: fixed, raters, criteria.
    """

    value: Floats
    person: Ints
    persons: int
    pair: Ints
    pair_size: Floats
    fixed: Floats
    raters: csr_array
    criteria: csr_array

    @property
    def small(self) -> tuple[int, int, int]:
        """How many columns of fixed effects, raters and criteria the dense system has."""
        return self.fixed.shape[1], self.raters.shape[1], self.criteria.shape[1]


def layout_of(ratings: Ratings, design: Design, covariate: Floats | None = None) -> Layout:
    """Make the design: one mean for each component (they cannot be compared), the covariate as deviation."""
    rows = np.arange(ratings.count)
    component = design.of_ratee[ratings.ratee]
    used, column = np.unique(component, return_inverse=True)
    fixed = np.zeros((ratings.count, len(used)))
    fixed[rows, column] = 1.0
    if covariate is not None:
        known = np.isfinite(covariate)
        deviation = np.where(known, covariate - covariate[known].mean(), 0.0)[ratings.ratee]
        missing = (~known)[ratings.ratee].astype(float)
        extra = [deviation] if known.all() else [deviation, missing]
        fixed = np.column_stack([fixed, *extra])
    criteria = len(ratings.criteria) if len(ratings.criteria) > 1 else 0
    return Layout(
        value=ratings.value,
        person=ratings.ratee,
        persons=len(ratings.ratees),
        pair=ratings.pair,
        pair_size=np.bincount(ratings.pair).astype(float),
        fixed=fixed,
        raters=_indicator(ratings.rater, len(ratings.raters)),
        criteria=_indicator(ratings.criterion, criteria),
    )


def _indicator(column: Ints, columns: int) -> csr_array:
    rows = len(column)
    if not columns:
        return csr_array((rows, 0))
    return csr_array((np.ones(rows), (np.arange(rows), column)), shape=(rows, columns))


@dataclass(slots=True)
class Solved:
    """The equations solved at some standard deviations `scale` (person, rater, criterion, pair; noise = 1).

    `small` are the solutions for fixed effects, raters and criteria in units of the data, `person` the persons'.
    `inverse` is the block of C⁻¹ for the (scaled) columns of the dense system, `border` the block of C between persons
    and them, `diagonal` the block of the persons; `dense` is the whitened scaled design without the persons.
    """

    scale: Floats
    deviance: float
    noise: float  # s²
    small: Floats
    person: Floats
    inverse: Floats
    diagonal: Floats
    border: csr_array
    dense: csr_array
    own_weight: Floats  # the whitened scaled entry of the person in each row
    residual: Floats  # whitened


def solve(layout: Layout, scale: Floats) -> Solved:
    """Solve the equations at the given standard deviations (relative to the noise)."""
    dense, own, value = _whitened(layout, scale)
    diagonal = np.bincount(layout.person, own * own, layout.persons) + 1.0
    rows = np.arange(len(value))
    by_person = csr_array((own, (layout.person, rows)), shape=(layout.persons, len(rows)))
    border = csr_array(by_person @ dense)
    person_side = by_person @ value
    core = (dense.T @ dense).toarray()
    core[np.diag_indices(len(core))] += _ridge(layout)
    core -= (border.T @ (diags_array(1.0 / diagonal) @ border)).toarray()
    side = dense.T @ value - border.T @ (person_side / diagonal)
    factor = cho_factor(core, lower=True)
    inverse = cho_solve(factor, np.eye(len(core)))
    small = inverse @ side
    person = (person_side - border @ small) / diagonal
    residual = value - dense @ small - own * person[layout.person]
    freedom = len(value) - layout.fixed.shape[1]
    noise = float(value @ residual) / freedom
    log_det = 2.0 * float(np.log(np.diag(factor[0])).sum()) + float(np.log(diagonal).sum())
    whitening = float(np.log1p(layout.pair_size * scale[PAIR] ** 2).sum())
    return Solved(
        scale=scale,
        deviance=freedom * float(np.log(noise)) + log_det + whitening,
        noise=noise,
        small=small * _scales(layout, scale),
        person=person * scale[PERSON],
        inverse=inverse,
        diagonal=np.asarray(diagonal, np.float64),
        border=border,
        dense=dense,
        own_weight=own,
        residual=residual,
    )


def _ridge(layout: Layout) -> Floats:
    fixed, raters, criteria = layout.small
    return np.concatenate([np.zeros(fixed), np.ones(raters + criteria)])


def _scales(layout: Layout, scale: Floats) -> Floats:
    """Return what turns the scaled solutions into units of the data, column by column."""
    fixed, raters, criteria = layout.small
    return np.concatenate([np.ones(fixed), np.full(raters, scale[RATER]), np.full(criteria, scale[CRITERION])])


def _whitened(layout: Layout, scale: Floats) -> tuple[csr_array, Floats, Floats]:
    """Return design without persons, the persons' entries and the values: scaled, and free of the pairs' correlation.

    Within a pair of n rows whose noise has the covariance 1 + h² (h = scale[PAIR]), taking a share of the pair's mean
    from each row makes it 1. Person, rater and means do not differ within a pair: they are only weighed less.
    """
    take = 1.0 - 1.0 / np.sqrt(1.0 + layout.pair_size * scale[PAIR] ** 2)
    left = 1.0 - take[layout.pair]
    fixed = csr_array(layout.fixed * left[:, None])
    raters = diags_array(left * scale[RATER]) @ layout.raters
    criteria = layout.criteria.toarray()
    value = layout.value
    if scale[PAIR]:
        criteria = criteria - (take[:, None] * _pair_means(layout, criteria))[layout.pair]
        value = value - (take * _pair_means(layout, value[:, None])[:, 0])[layout.pair]
    parts = [fixed, csr_array(raters), csr_array(criteria * scale[CRITERION])]
    return _side_by_side(parts), left * scale[PERSON], value


def _pair_means(layout: Layout, rows: Floats) -> Floats:
    pairs = len(layout.pair_size)
    sums = np.column_stack([np.bincount(layout.pair, column, pairs) for column in rows.T]) if rows.size else None
    return np.zeros((pairs, 0)) if sums is None else sums / layout.pair_size[:, None]


def _side_by_side(parts: list[csr_array]) -> csr_array:
    from scipy.sparse import hstack

    return csr_array(hstack([part for part in parts if part.shape[1]], format="csr"))


def quadratic(solved: Solved, rows: csr_array, own: Floats, persons: Ints) -> Floats:
    """Return l'C⁻¹l for many linear combinations l: `rows` over the dense system, `own` at one person each."""
    weight = own / solved.diagonal[persons]
    reduced = csr_array(rows - diags_array(weight) @ solved.border[persons])
    along = np.asarray(reduced @ solved.inverse)
    return np.asarray(reduced.multiply(along).sum(axis=1)).ravel() + own * weight


def gradient(layout: Layout, solved: Solved) -> Floats:
    """Return the derivative of −2 log REML by the standard deviations of `scale`.

    For a factor with q levels and scaled solutions b: 2/l · (q − trace C⁻¹ of its block − b'b/s²); for the pairs, whose
    effects are not in the equations, the same by way of P: 2h · Σ (z'Pz − (z'Py)²/s²). Zero at zero, by symmetry.
    """
    fixed, raters, criteria = layout.small
    scale, noise = solved.scale, solved.noise
    trace = np.diag(solved.inverse)
    along = np.asarray(solved.border @ solved.inverse)
    person_trace = 1.0 / solved.diagonal
    person_trace = person_trace + np.asarray(solved.border.multiply(along).sum(axis=1)).ravel() / solved.diagonal**2
    blocks = {
        PERSON: (layout.persons, person_trace, solved.person),
        RATER: (raters, trace[fixed : fixed + raters], solved.small[fixed : fixed + raters]),
        CRITERION: (criteria, trace[fixed + raters :], solved.small[fixed + raters :]),
    }
    found = np.zeros(4)
    for factor, (levels, traces, solutions) in blocks.items():
        if scale[factor] and levels:
            squares = float(solutions @ solutions) / (scale[factor] ** 2 * noise)
            found[factor] = 2.0 / scale[factor] * (levels - float(traces.sum()) - squares)
    if scale[PAIR]:
        found[PAIR] = _pair_gradient(layout, solved)
    return found


def _pair_gradient(layout: Layout, solved: Solved) -> float:
    size, pairs, rows = layout.pair_size, len(layout.pair_size), np.arange(len(layout.value))
    left = 1.0 / np.sqrt(1.0 + size * solved.scale[PAIR] ** 2)
    average = csr_array((1.0 / size[layout.pair], (layout.pair, rows)), shape=(pairs, len(rows)))
    person = np.zeros(pairs, np.int64)
    person[layout.pair] = layout.person
    spread = quadratic(solved, csr_array(average @ solved.dense), average @ solved.own_weight, person)
    inside = left**2 * (size - size**2 * spread)
    along = left * size * (average @ solved.residual)
    return 2.0 * solved.scale[PAIR] * float((inside - along**2 / solved.noise).sum())
