"""The severity model against planted truth, against statsmodels, and on designs it must refuse."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from mainstay.performance.appraisal.raters import (
    Given,
    RatingsError,
    collect,
    design_of,
    fit,
    plan_links,
    report,
)
from mainstay.performance.appraisal.raters.design import SHARE
from mainstay.performance.appraisal.raters.system import gradient, layout_of, solve
from tests.performance.appraisal.ratings import Round, simulate

ROUNDS = 20


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one, other)[0, 1])


def _rmse(told: np.ndarray, true: np.ndarray) -> float:
    """Severity is relative to the raters at hand, so the truth is taken from their mean."""
    return float(np.sqrt(np.mean((told - (true - true.mean())) ** 2)))


@pytest.mark.slow
def test_two_random_links_find_the_severities() -> None:
    found = []
    for seed in range(ROUNDS):
        made = simulate("random", seed)
        told = made.told(report(made.ratings))
        found.append((_correlation(told, made.severity), _rmse(told, made.severity)))
    correlation, rmse = np.mean(found, axis=0)
    assert correlation >= 0.95, found
    assert rmse <= 0.15, found


@pytest.mark.slow
def test_one_ring_link_is_no_worse_than_raw_means() -> None:
    told, raw = [], []
    for seed in range(ROUNDS):
        made = simulate("ring", seed)
        seen = report(made.ratings)
        told.append(_correlation(made.told(seen), made.severity))
        raw.append(_correlation(made.raw(seen), made.severity))
    assert np.mean(told) >= 0.90
    assert np.mean(told) >= np.mean(raw)


def test_own_superiors_alone_are_not_separable() -> None:
    made = simulate("none", 1)
    seen = report(made.ratings)
    assert not seen.separable
    assert all(line.severity is None for line in seen.raters)
    assert all(line.adjusted is None for line in seen.ratees)
    assert "无法区分" in seen.note_zh
    with pytest.raises(RatingsError, match="Not separable"):
        fit(made.ratings)


def test_the_proposed_links_make_it_separable() -> None:
    made = simulate("none", 1)
    proposed = report(made.ratings).proposed
    assert 0.2 <= len(proposed) / len(made.ratings.ratees) <= 0.3
    names, rows = made.ratings, []
    for k, value in enumerate(names.value):
        rows.append(Given(names.raters[names.rater[k]], names.ratees[names.ratee[k]], "c0", float(value)))
    chance = np.random.default_rng(5)
    merit = dict(zip(names.ratees, made.merit, strict=True))
    strict = dict(zip(names.raters, made.severity, strict=True))
    for link in proposed:
        value = 3 + merit[link.ratee] - strict[link.rater] + chance.normal(0, 0.6)
        rows.append(Given(link.rater, link.ratee, "c0", value))
    again = collect(rows)
    seen = report(again)
    assert seen.connected
    told = np.array([line.severity for line in seen.raters], float)
    assert _correlation(told, np.array([strict[line.name] for line in seen.raters])) > 0.85
    loads = np.bincount([names.raters.index(link.rater) for link in proposed], minlength=len(names.raters))
    assert loads.max() <= 2 * np.ceil(SHARE * 10)


@pytest.mark.slow
def test_nobody_is_flagged_where_nothing_is_planted() -> None:
    flagged = [
        np.mean([line.flagged for line in report(simulate("random", seed, severity=0.0).ratings).raters])
        for seed in range(ROUNDS)
    ]
    assert np.mean(flagged) <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize(("criteria", "halo", "rounds"), [(1, 0.0, 100), (3, 0.0, 60), (3, 0.5, 60)])
def test_intervals_hold_what_they_promise(criteria: int, halo: float, rounds: int) -> None:
    raters, people = [], []
    for seed in range(rounds):
        made = simulate("random", 100 + seed, criteria=criteria, halo=halo, people=120, raters=15)
        seen = report(made.ratings)
        raters += [line.low <= value <= line.high for line, value in zip(seen.raters, made.severity, strict=True)]
        people += [line.low <= 3 + m <= line.high for line, m in zip(seen.ratees, made.merit, strict=True)]
    assert 0.92 <= np.mean(raters) <= 0.98
    assert 0.92 <= np.mean(people) <= 0.98


def test_adjusting_brings_scores_nearer_to_merit() -> None:
    made = simulate("ring", 3, criteria=3)
    seen = report(made.ratings)
    raw = np.array([line.raw for line in seen.ratees])
    adjusted = np.array([line.adjusted for line in seen.ratees], float)
    assert _correlation(adjusted, made.merit) > _correlation(raw, made.merit) + 0.02


def _frame(made: Round) -> dict[str, list[object]]:
    rows = made.ratings
    return {
        "y": rows.value.tolist(),
        "person": rows.ratee.tolist(),
        "rater": rows.rater.tolist(),
        "criterion": rows.criterion.tolist(),
        "all": [1] * rows.count,
    }


@pytest.mark.slow
def test_variance_components_agree_with_statsmodels() -> None:
    pandas = pytest.importorskip("pandas")
    mixed = pytest.importorskip("statsmodels.regression.mixed_linear_model")
    made = simulate("random", 7, criteria=4, people=40, raters=8)
    factors = {name: f"0 + C({name})" for name in ("person", "rater", "criterion")}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = mixed.MixedLM.from_formula("y ~ 1", pandas.DataFrame(_frame(made)), groups="all", vc_formula=factors)
        theirs = model.fit(reml=True)
    vcomp = dict(zip(model.exog_vc.names, theirs.vcomp, strict=True))
    ours = fit(made.ratings).variances
    assert ours.pair == 0
    assert ours.person == pytest.approx(vcomp["person"], rel=0.02)
    assert ours.rater == pytest.approx(vcomp["rater"], rel=0.02)
    assert ours.criterion == pytest.approx(vcomp["criterion"], rel=0.02)
    assert ours.noise == pytest.approx(theirs.scale, rel=0.02)


def test_the_gradient_is_the_slope_of_the_likelihood() -> None:
    made = simulate("random", 3, criteria=4, halo=0.4, people=40, raters=6)
    layout = layout_of(made.ratings, design_of(made.ratings))
    at = np.array([0.9, 0.6, 0.4, 0.5])
    told = gradient(layout, solve(layout, at))
    for k, step in enumerate(np.eye(4) * 1e-5):
        slope = (solve(layout, at + step).deviance - solve(layout, at - step).deviance) / 2e-5
        assert told[k] == pytest.approx(slope, rel=1e-5)


def test_whitened_equations_are_those_of_the_dense_covariance() -> None:
    """The eliminated, whitened system gives the generalised least squares answer of the textbook."""
    made = simulate("random", 4, criteria=3, halo=0.4, people=12, raters=4)
    rows, scale = made.ratings, np.array([0.9, 0.6, 0.4, 0.5])
    layout = layout_of(rows, design_of(rows))
    same = [column[:, None] == column[None, :] for column in (rows.ratee, rows.rater, rows.criterion, rows.pair)]
    covariance = np.eye(rows.count) + sum(s**2 * block for s, block in zip(scale, same, strict=True))
    inverse, ones = np.linalg.inv(covariance), np.ones((rows.count, 1))
    mean = float(np.linalg.solve(ones.T @ inverse @ ones, ones.T @ inverse @ rows.value)[0])
    rest = inverse @ (rows.value - mean)
    effect = [scale[1] ** 2 * float(rest[rows.rater == k].sum()) for k in range(4)]
    solved = solve(layout, scale)
    assert solved.small[0] == pytest.approx(mean)
    assert solved.small[1:5] == pytest.approx(effect)
    assert solved.noise == pytest.approx(float((rows.value - mean) @ rest) / (rows.count - 1))


@pytest.mark.slow
def test_halo_widens_the_intervals() -> None:
    stuck = fit(simulate("random", 9, criteria=5, halo=0.5).ratings)
    free = fit(simulate("random", 9, criteria=5).ratings)
    assert stuck.variances.pair == pytest.approx(0.25, rel=0.3)
    assert stuck.error.mean() > 1.2 * free.error.mean()


def test_a_verified_score_explains_merit() -> None:
    made = simulate("ring", 11)
    scores = {name: 80 + 10 * float(m) for name, m in zip(made.ratings.ratees, made.merit, strict=True)}
    rows = [
        Given(made.ratings.raters[r], made.ratings.ratees[p], "c0", float(v))
        for r, p, v in zip(made.ratings.rater, made.ratings.ratee, made.ratings.value, strict=True)
    ]
    given = collect(rows, scores)
    with_scores, without = fit(given, covariate=True), fit(given)
    assert with_scores.covariate_slope == pytest.approx(0.1, rel=0.15)
    assert with_scores.error.mean() < without.error.mean()
    with pytest.raises(RatingsError, match="covariate"):
        fit(made.ratings, covariate=True)


def test_groups_without_a_common_ratee_are_judged_apart() -> None:
    rows = []
    chance = np.random.default_rng(2)
    for group, offset in (("a", 0.0), ("b", 2.0)):
        for person in range(20):
            for rater, strict in ((1, 0.5), (2, -0.5)):
                value = 3 + offset - strict + chance.normal(0, 0.3)
                rows.append(Given(f"{group}{rater}", f"{group}p{person}", "c", value))
    rows += [Given("alone", f"x{k}", "c", 5.0) for k in range(5)]
    seen = report(collect(rows))
    by_name = {line.name: line for line in seen.raters}
    assert seen.separable and not seen.connected
    assert seen.proposed
    assert by_name["alone"].severity is None
    assert by_name["a1"].severity == pytest.approx(0.5, abs=0.2)
    assert by_name["b1"].severity == pytest.approx(0.5, abs=0.2)
    assert next(line for line in seen.ratees if line.name == "x0").adjusted is None


def test_a_planted_favour_is_on_the_review_list() -> None:
    made = simulate("random", 12, criteria=3)
    rows = made.ratings
    given = [
        Given(
            rows.raters[rows.rater[k]],
            rows.ratees[rows.ratee[k]],
            rows.criteria[rows.criterion[k]],
            float(rows.value[k]) + (1.8 if rows.ratee[k] == 0 and rows.own[k] else 0.0),
            own=bool(rows.own[k]),
        )
        for k in range(rows.count)
    ]
    doubts = report(collect(given)).review
    assert doubts[0].ratee == rows.ratees[0]
    assert doubts[0].gap > 0.7
    own = {(rows.raters[rows.rater[k]], rows.ratees[rows.ratee[k]]) for k in range(rows.count) if rows.own[k]}
    assert all((one.rater, one.ratee) in own for one in doubts)


def test_habits_tell_flat_and_one_impression_raters() -> None:
    chance = np.random.default_rng(8)
    merit = chance.normal(0, 1, 40)
    rows = []
    for person, m in enumerate(merit):
        impression = m + chance.normal(0, 0.1)
        for k in range(3):
            each = chance.normal(0, 0.6)
            rows.append(Given("flat", f"p{person}", f"c{k}", 3 + 0.1 * m + 0.1 * each))
            rows.append(Given("halo", f"p{person}", f"c{k}", 3 + impression))
            rows.append(Given("apart", f"p{person}", f"c{k}", 3 + m + chance.normal(0, 1.2)))
    seen = {line.name: line.habits for line in report(collect(rows, {f"p{k}": m for k, m in enumerate(merit)})).raters}
    assert seen["flat"].spread < 0.5 < seen["apart"].spread
    assert seen["halo"].halo == pytest.approx(1.0)
    assert seen["apart"].halo < 0.7
    assert seen["halo"].agreement > 0.9


def test_self_ratings_are_left_out_and_doubles_refused() -> None:
    rows = [Given("a", "a", "c", 5.0), Given("a", "b", "c", 3.0), Given("d", "b", "c", 4.0)]
    assert collect(rows).selves == 1
    with pytest.raises(RatingsError, match="twice"):
        collect([*rows, Given("a", "b", "c", 4.0)])
    with pytest.raises(RatingsError, match="do not differ"):
        report(collect([Given("a", "b", "c", 3.0), Given("d", "b", "c", 3.0)]))


def test_one_rater_has_nobody_to_be_linked_with() -> None:
    assert plan_links(collect([Given("a", "b", "c", 3.0)])) == []
