"""Henderson's mixed-model equations of the severity model, persons eliminated.

Model: rating = mean + person + rater + criterion + noise, all but the mean random and crossed. Where one rater's
ratings of one person stick together (halo), the noise of such a pair is correlated: the n rows of a pair have the
covariance 1 + h², whose inverse takes the share h²/(1 + nh²) of the pair's sums from each row (h = scale[PAIR]).
With `l` the standard deviations of the factors over that of the noise, Z scaled by them and V that covariance,

    C = [X'V⁻¹X  X'V⁻¹Zl; lZ'V⁻¹X  lZ'V⁻¹Zl + 1],     −2 log REML = (n − p) log s² + log|C| + log|V| + constant,

s² = y'V⁻¹(y − fitted) / (n − p). A zero standard deviation is no special case. The block of the persons in C is
diagonal: it is eliminated, and a dense system of the size of raters + criteria + means remains. All products of the
design with itself are sums over the sizes of pairs, weighed by h: they are made once, not in each step of the search.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array, diags_array, hstack

from mainstay.performance.appraisal.raters.data import Floats, Ints, Ratings
from mainstay.performance.appraisal.raters.design import Design

PERSON, RATER, CRITERION, PAIR = range(4)


@dataclass(frozen=True, slots=True)
class Border:
    """The entries of persons × columns that are not zero, row by row: their sums over the pairs of each size."""

    person: Ints
    column: Ints
    begins: Ints  # where each person's entries begin, as in a csr_array
    sums: Floats  # size × entry

    def weighed(self, weight: Floats, columns: Floats) -> Floats:
        """Return the entries, weighed by size of pair and by column."""
        return np.asarray((weight @ self.sums) * columns[self.column], np.float64)


@dataclass(frozen=True, slots=True)
class Layout:
    """The unscaled design: `fixed` (n × p), raters and criteria as sparse indicators, and who is rated in which row.

    `columns` are those of the dense system: fixed, raters, criteria; `by_pair` their sums in each pair. `plain` is the
    product of columns and value with themselves, `products` that of their sums in the pairs of each of the `sizes`;
    `pairs` and `values` say how many such pairs a person has and what their values add up to.
    """

    value: Floats
    person: Ints
    persons: int
    pair: Ints
    pair_size: Floats
    fixed: Floats
    raters: csr_array
    criteria: csr_array
    columns: csr_array
    by_pair: csr_array
    pair_value: Floats
    sizes: Floats
    size_of: Ints  # the index of each pair's size
    plain: Floats
    products: Floats
    pairs: Floats
    values: Floats
    border: Border

    @property
    def small(self) -> tuple[int, int, int]:
        """How many columns of fixed effects, raters and criteria the dense system has."""
        return self.fixed.shape[1], self.raters.shape[1], self.criteria.shape[1]


def layout_of(ratings: Ratings, design: Design, covariate: Floats | None = None) -> Layout:
    """Make the design: one mean for each component (they cannot be compared), the covariate as deviation."""
    fixed = _fixed(ratings, design, covariate)
    raters = _indicator(ratings.rater, len(ratings.raters))
    criteria = _indicator(ratings.criterion, len(ratings.criteria) if len(ratings.criteria) > 1 else 0)
    rows = _side_by_side([csr_array(fixed), raters, criteria, csr_array(ratings.value[:, None])])
    persons = len(ratings.ratees)
    pair_size = np.bincount(ratings.pair).astype(float)
    of_pair = csr_array((np.ones(ratings.count), (ratings.pair, np.arange(ratings.count))))
    sums, pair_value = csr_array(of_pair @ rows), of_pair @ ratings.value
    by_pair = sums[:, :-1]
    sizes, size_of = np.unique(pair_size, return_inverse=True)
    person = np.zeros(len(pair_size), np.int64)
    person[ratings.pair] = ratings.ratee
    cell = size_of * persons + person
    shape, cells = (len(sizes), persons), len(sizes) * persons
    return Layout(
        value=ratings.value,
        person=ratings.ratee,
        persons=persons,
        pair=ratings.pair,
        pair_size=pair_size,
        fixed=fixed,
        raters=raters,
        criteria=criteria,
        columns=rows[:, :-1],
        by_pair=by_pair,
        pair_value=pair_value,
        sizes=sizes,
        size_of=size_of,
        plain=_product(rows),
        products=np.stack([_product(sums[size_of == k]) for k in range(len(sizes))]),
        pairs=np.bincount(cell, minlength=cells).astype(float).reshape(shape),
        values=_sums(cell, pair_value, cells).reshape(shape),
        border=_border(by_pair, person, size_of, shape),
    )


def _fixed(ratings: Ratings, design: Design, covariate: Floats | None) -> Floats:
    used, column = np.unique(design.of_ratee[ratings.ratee], return_inverse=True)
    fixed = np.zeros((ratings.count, len(used)))
    fixed[np.arange(ratings.count), column] = 1.0
    if covariate is None:
        return fixed
    known = np.isfinite(covariate)
    deviation = np.where(known, covariate - covariate[known].mean(), 0.0)[ratings.ratee]
    missing = (~known)[ratings.ratee].astype(float)
    extra = [deviation] if known.all() else [deviation, missing]
    return np.column_stack([fixed, *extra])


def _indicator(column: Ints, columns: int) -> csr_array:
    rows = len(column)
    if not columns:
        return csr_array((rows, 0))
    return csr_array((np.ones(rows), (np.arange(rows), column)), shape=(rows, columns))


def _side_by_side(parts: list[csr_array]) -> csr_array:
    return csr_array(hstack([part for part in parts if part.shape[1]], format="csr"))


def _product(rows: csr_array) -> Floats:
    return np.asarray((rows.T @ rows).toarray(), np.float64)


def _border(by_pair: csr_array, person: Ints, size_of: Ints, shape: tuple[int, int]) -> Border:
    sizes, persons = shape
    columns = by_pair.shape[1]
    pair = np.repeat(np.arange(len(person)), np.diff(by_pair.indptr))
    place, entry = np.unique(person[pair] * columns + by_pair.indices, return_inverse=True)
    row = place // columns
    sums = _sums(size_of[pair] * len(place) + entry, by_pair.data, sizes * len(place))
    begins = np.searchsorted(row, np.arange(persons + 1))
    return Border(row, place % columns, begins, sums.reshape(sizes, len(place)))


@dataclass(slots=True)
class Solved:
    """The equations solved at some standard deviations `scale` (person, rater, criterion, pair; noise = 1).

    `small` are the solutions for fixed effects, raters and criteria in units of the data, `person` the persons'.
    `core` is the block of C for the (scaled) columns of the dense system, `inverse` that of C⁻¹; `border` the block
    of C between persons and them, `diagonal` the block of the persons. `residual` is that of the ratings as given.
    """

    scale: Floats
    deviance: float
    noise: float  # s²
    small: Floats
    person: Floats
    core: Floats
    inverse: Floats
    diagonal: Floats
    border: csr_array
    residual: Floats


def solve(layout: Layout, scale: Floats) -> Solved:
    """Solve the equations at the given standard deviations (relative to the noise)."""
    columns, own = _scales(layout, scale), scale[PERSON]
    left = _left(layout, scale)
    share = scale[PAIR] ** 2 * left
    product = layout.plain - np.tensordot(share, layout.products, 1)
    core = product[:-1, :-1] * np.outer(columns, columns)
    core[np.diag_indices(len(core))] += _ridge(layout)
    diagonal = (left * layout.sizes) @ layout.pairs * own**2 + 1.0
    entries = layout.border.weighed(left * own, columns)
    border = csr_array((entries, layout.border.column, layout.border.begins), shape=(layout.persons, len(core)))
    divided = np.zeros(border.shape)
    divided[layout.border.person, layout.border.column] = entries / diagonal[layout.border.person]
    person_side = left @ layout.values * own
    factor = cho_factor(core - border.T @ divided, lower=True)
    inverse = cho_solve(factor, np.eye(len(core)))
    small = inverse @ (product[:-1, -1] * columns - divided.T @ person_side)
    person = (person_side - border @ small) / diagonal * own
    small *= columns
    residual = layout.value - layout.columns @ small - person[layout.person]
    freedom = len(residual) - layout.fixed.shape[1]
    stuck = float((share[layout.size_of] * layout.pair_value) @ _pair_sums(layout, residual))
    noise = (float(layout.value @ residual) - stuck) / freedom
    log_det = 2.0 * float(np.log(np.diag(factor[0])).sum()) + float(np.log(diagonal).sum())
    correlated = float(np.log1p(layout.pair_size * scale[PAIR] ** 2).sum())
    return Solved(
        scale=scale,
        deviance=freedom * float(np.log(noise)) + log_det + correlated,
        noise=noise,
        small=small,
        person=person,
        core=core,
        inverse=inverse,
        diagonal=np.asarray(diagonal, np.float64),
        border=border,
        residual=residual,
    )


def _left(layout: Layout, scale: Floats) -> Floats:
    """Return what a row sum keeps of itself in a pair of each size: 1/(1 + nh²)."""
    return np.asarray(1.0 / (1.0 + layout.sizes * scale[PAIR] ** 2), np.float64)


def _sums(of: Ints, values: Floats, count: int) -> Floats:
    return np.asarray(np.bincount(of, values, count), np.float64)


def _pair_sums(layout: Layout, rows: Floats) -> Floats:
    return _sums(layout.pair, rows, len(layout.pair_size))


def _ridge(layout: Layout) -> Floats:
    fixed, raters, criteria = layout.small
    return np.concatenate([np.zeros(fixed), np.ones(raters + criteria)])


def _scales(layout: Layout, scale: Floats) -> Floats:
    """Return what turns the scaled solutions into units of the data, column by column."""
    fixed, raters, criteria = layout.small
    return np.concatenate([np.ones(fixed), np.full(raters, scale[RATER]), np.full(criteria, scale[CRITERION])])


def of_pairs(layout: Layout, solved: Solved) -> tuple[Floats, Floats, Floats]:
    """Return for each pair the mean of its rows freed from their correlation: residual, l'C⁻¹l, and how much it weighs.

    Here l is that mean of the scaled design: the columns of the dense system, and the person.
    """
    weight = np.sqrt(_left(layout, solved.scale))[layout.size_of]
    average = weight / layout.pair_size
    rows = csr_array(diags_array(average) @ layout.by_pair @ diags_array(_scales(layout, solved.scale)))
    person = np.zeros(len(weight), np.int64)
    person[layout.pair] = layout.person
    own = weight * solved.scale[PERSON]
    share = own / solved.diagonal[person]
    reduced = csr_array(rows - diags_array(share) @ solved.border[person])
    spread = np.asarray(reduced.multiply(reduced @ solved.inverse).sum(axis=1)).ravel() + own * share
    return average * _pair_sums(layout, solved.residual), spread, weight


def gradient(layout: Layout, solved: Solved) -> Floats:
    """Return the derivative of −2 log REML by the standard deviations of `scale`.

    For a factor with q levels and scaled solutions b: 2/l · (q − trace C⁻¹ of its block − b'b/s²); for the pairs, whose
    effects are not in the equations, the same by way of P: 2h · Σ (z'Pz − (z'Py)²/s²). Zero at zero, by symmetry.
    """
    fixed, raters, criteria = layout.small
    scale, noise = solved.scale, solved.noise
    trace = np.diag(solved.inverse)
    # The block of C⁻¹ between persons and columns, where the border has entries, and the diagonal of that of persons.
    row, border = layout.border.person, solved.border
    mixed = -np.asarray(border @ solved.inverse)[row, layout.border.column] / solved.diagonal[row]
    persons = (1.0 - np.bincount(row, border.data * mixed, layout.persons)) / solved.diagonal
    blocks = {
        PERSON: (layout.persons, persons, solved.person),
        RATER: (raters, trace[fixed : fixed + raters], solved.small[fixed : fixed + raters]),
        CRITERION: (criteria, trace[fixed + raters :], solved.small[fixed + raters :]),
    }
    found = np.zeros(4)
    for factor, (levels, traces, solutions) in blocks.items():
        if scale[factor] and levels:
            squares = float(solutions @ solutions) / (scale[factor] ** 2 * noise)
            found[factor] = 2.0 / scale[factor] * (levels - float(traces.sum()) - squares)
    if scale[PAIR]:
        found[PAIR] = _pair_gradient(layout, solved, mixed, persons)
    return found


def _pair_gradient(layout: Layout, solved: Solved, mixed: Floats, persons: Floats) -> float:
    """Sum over the pairs by way of their products, block by block of C⁻¹: columns, columns × persons, persons."""
    columns, own, left = _scales(layout, solved.scale), solved.scale[PERSON], _left(layout, solved.scale)
    product = np.tensordot(left**2, layout.products, 1)[:-1, :-1] * np.outer(columns, columns)
    border = layout.border.weighed(left**2 * layout.sizes * own, columns)
    diagonal = (left * layout.sizes * own) ** 2 @ layout.pairs
    explained = float((product * solved.inverse).sum()) + 2.0 * float(border @ mixed) + float(diagonal @ persons)
    kept = left[layout.size_of]
    along = kept * _pair_sums(layout, solved.residual)
    inside = float(kept @ layout.pair_size) - explained
    return 2.0 * solved.scale[PAIR] * (inside - float(along @ along) / solved.noise)
