"""Set-based work of appraisal: scores and grades of a round, estimates of severity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from mainstay.performance.appraisal.models import Appraisal, Criterion, RaterSeverity, Round, SeverityRun
from mainstay.performance.appraisal.queries import contract_scores, levels_of, main_posts, ratings_of, to_grade
from mainstay.performance.appraisal.rules import box_of, grades_of, mean_e2, part_of

if TYPE_CHECKING:
    from mainstay.performance.appraisal.raters import Report

E4 = 10_000
SCORES = (
    "unit", "post", "contract", "contract_version", "contract_digest", "result_e2", "caps", "ability_e2",
    "potential_e2", "box",
)  # fmt: skip


def score_round(one: Round) -> int:
    """Write everybody's scores, boxes and grades by the rules from signed contracts and ratings; returns how many.

    Everything is computed from rows alone, so running it again writes the same. Only appraisals still `scored` change.
    """
    scores, levels = contract_scores(one), levels_of(one)
    posts = main_posts(scores, one.period.until_on)
    known = {row.person_id: row for row in one.appraisals.all()}
    new: list[Appraisal] = []
    changed: list[Appraisal] = []
    for person, found in scores.items():
        row = known.get(person) or Appraisal(round=one, person_id=person)
        if row.state != Appraisal.State.SCORED:
            continue
        held = posts.get(person)
        row.unit_id, row.post_id = found.contract.unit_id, held.post_id if held else None
        row.contract, row.contract_version = found.contract, found.contract.version
        row.contract_digest, row.result_e2, row.caps = found.contract.digest, found.points_e2, found.caps
        row.ability_e2 = mean_e2(levels.get((person, Criterion.Axis.ABILITY), []))
        row.potential_e2 = mean_e2(levels.get((person, Criterion.Axis.POTENTIAL), []))
        row.box = box(one, row.result_e2, row.potential_e2)
        (changed if row.pk else new).append(row)
    Appraisal.objects.bulk_create(new, batch_size=500)
    Appraisal.objects.bulk_update(changed, SCORES, batch_size=500)
    grade_round(one)
    return len(new) + len(changed)


def box(one: Round, result_e2: int | None, potential_e2: int | None) -> int | None:
    """Return the box of somebody in a round."""
    scheme = one.scheme
    return box_of(
        part_of(result_e2, scheme.result_low_e2, scheme.result_high_e2),
        part_of(potential_e2, scheme.potential_low_e2, scheme.potential_high_e2),
    )


def grade_round(one: Round) -> None:
    """Write the grades by the rules; a grade people have changed keeps what they decided."""
    grades = grades_of(to_grade(one), one.scheme.grades, fewest=one.scheme.fewest)
    rows = []
    for row in one.appraisals.filter(state=Appraisal.State.SCORED).prefetch_related("changes"):
        row.grade_rule = grades.get(row.pk, "")
        changes = list(row.changes.all())
        row.grade = changes[-1].after if changes else row.grade_rule
        rows.append(row)
    Appraisal.objects.bulk_update(rows, ["grade_rule", "grade"], batch_size=500)


def estimate(one: Round, axis: str) -> SeverityRun | None:
    """Estimate severity on an axis from the ratings of a round, keep it, and put adjusted values beside the raw ones.

    None without ratings. Ratings that all agree tell nothing: kept as not separable, with the reason.
    """
    from mainstay.performance.appraisal.raters import (  # brings SciPy, which most processes never need
        RatingsError,
        report,
    )

    try:
        ratings = ratings_of(one, axis)
    except RatingsError:
        return None
    try:
        found: Report | None = report(ratings)
        note = (found.note_zh, found.note_en) if found else ("", "")
    except RatingsError as problem:
        found, note = None, (problem.zh, problem.en)
    run = SeverityRun.objects.create(
        round=one, axis=axis, at=timezone.now(), ratings=ratings.count, note_zh=note[0], note_en=note[1],
        **_facts(found),
    )  # fmt: skip
    if found is not None:
        RaterSeverity.objects.bulk_create([_rater(run, line) for line in found.raters], batch_size=500)
        _adjust(one, axis, found)
    return run


def _facts(found: Report | None) -> dict[str, Any]:
    if found is None:
        return {"separable": False, "connected": False}
    v = found.variances
    names = ("person", "rater", "criterion", "pair", "noise")
    return {
        "separable": found.separable,
        "connected": found.connected,
        "variances": {name: round(getattr(v, name), 4) for name in names} if v else {},
        "review": [
            {"ratee": int(one.ratee), "rater": int(one.rater), "gap": round(one.gap, 2), "z": round(one.z, 1)}
            for one in found.review
        ],
        "proposed": [[int(link.rater), int(link.ratee)] for link in found.proposed],
    }


def _scaled(value: float | None, unit: int) -> int | None:
    return None if value is None else round(value * unit)


def _rater(run: SeverityRun, line: Any) -> RaterSeverity:
    one = line.habits
    measures = {"spread": one.spread, "halo": one.halo, "agreement": one.agreement, "reliability": line.reliability}
    return RaterSeverity(
        run=run,
        person_id=int(line.name),
        severity_e4=_scaled(line.severity, E4),
        low_e4=_scaled(line.low, E4),
        high_e4=_scaled(line.high, E4),
        flagged=line.flagged,
        habits={
            "ratings": one.ratings,
            "people": one.people,
            "mean": round(one.mean, 2),
            "lowest": one.lowest,
            "highest": one.highest,
            **{name: None if value is None else round(value, 2) for name, value in measures.items()},
        },
    )


def _adjust(one: Round, axis: str, found: Report) -> None:
    """Put the adjusted mean and its interval on the appraisals that are not final."""
    lines = {int(line.name): line for line in found.ratees}
    rows = list(one.appraisals.exclude(state=Appraisal.State.FINAL).filter(person__in=lines))
    for row in rows:
        line = lines[row.person_id]
        setattr(row, f"{axis}_adjusted_e2", _scaled(line.adjusted, 100))
        setattr(row, f"{axis}_low_e2", _scaled(line.low, 100))
        setattr(row, f"{axis}_high_e2", _scaled(line.high, 100))
    fields = [f"{axis}_{name}_e2" for name in ("adjusted", "low", "high")]
    Appraisal.objects.bulk_update(rows, fields, batch_size=500)
