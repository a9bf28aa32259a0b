"""Set-based work of appraisal: scores and grades of a round, estimates of severity."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock
from mainstay.performance.appraisal.models import (
    Appraisal,
    AppraisalChange,
    Criterion,
    RaterSeverity,
    Round,
    SeverityRun,
)
from mainstay.performance.appraisal.queries import (
    contract_scores,
    levels_of,
    main_posts,
    people_to_score,
    ratings_of,
    to_grade,
)
from mainstay.performance.appraisal.rules import box_of, capped, grades_of, mean_e2, part_of

if TYPE_CHECKING:
    from mainstay.core.jobs.registry import Progress
    from mainstay.performance.appraisal.raters import Report

E4 = 10_000
CHUNK = 500
SCORES = (
    "unit", "post", "contract", "contract_version", "contract_digest", "result_e2", "caps", "ability_e2",
    "potential_e2", "box",
)  # fmt: skip


def score_round(one: Round) -> int:
    """Write everybody's scores, boxes and grades by the rules from signed contracts and ratings; returns how many.

    Everything is computed from rows alone, so running it again writes the same. Only appraisals still `scored` change.
    """
    people = people_to_score(one)
    for first in range(0, len(people), CHUNK):
        score_people(one, people[first : first + CHUNK])
    grade_round(one)
    return len(people)


def score_people(one: Round, people: Sequence[int]) -> None:
    """Write the scores and boxes of some people of a round: a constant number of queries, one statement writes."""
    scores, levels = contract_scores(one, people), levels_of(one, people)
    posts = main_posts(people, one.period.until_on)
    known = {row.person_id: row for row in one.appraisals.filter(person__in=people)}
    rows = []
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
        row.pk = None
        rows.append(row)
    Appraisal.objects.bulk_create(
        rows, batch_size=CHUNK, update_conflicts=True, unique_fields=["round", "person"], update_fields=SCORES
    )


def work_scoring(one: Round, progress: Progress) -> bool:
    """Score a round piece by piece, then grade it and estimate severity; False when it had to stop before the end.

    Each piece is committed with the place it reached: killed at any point, another call goes on behind it, and two at
    once do nothing twice.
    """
    people = people_to_score(one)
    total = len(people) + len(Criterion.Axis.values) + 1
    while pending := people[bisect_right(people, _reached(one)) :]:
        if progress.stopping():
            return False
        _score_next(one, pending[:CHUNK])
        progress.update(len(people) - len(pending) + len(pending[:CHUNK]), total)
    with transaction.atomic():
        grade_round(_held(one))
    done = len(people) + 1
    for axis in Criterion.Axis.values:
        if progress.stopping():
            return False
        if not one.severity_runs.filter(axis=axis, at__gte=one.scoring_at).exists():
            with transaction.atomic():
                estimate(one, axis)
        done += 1
        progress.update(min(done, total - 1), total)
    return True


def _reached(one: Round) -> int:
    return Round.objects.values_list("scored_to", flat=True).get(pk=one.pk)


def _held(one: Round) -> Round:
    """Lock a round until the transaction ends, and read it again."""
    lock("appraisal.round", one.pk)
    one.refresh_from_db(fields=["state", "scored_to", "scoring_at"])
    return one


@transaction.atomic
def _score_next(one: Round, people: Sequence[int]) -> None:
    """Score a piece unless another worker has done it or the round is no longer being scored."""
    _held(one)
    if one.state != Round.State.SCORING:
        raise Problem(_("This round is not being scored any more."), code="not_scoring")
    fresh = [person for person in people if person > one.scored_to]
    if fresh:
        score_people(one, fresh)
        one.scored_to = fresh[-1]
        one.save(update_fields=["scored_to"])


def box(one: Round, result_e2: int | None, potential_e2: int | None) -> int | None:
    """Return the box of somebody in a round."""
    scheme = one.scheme
    return box_of(
        part_of(result_e2, scheme.result_low_e2, scheme.result_high_e2),
        part_of(potential_e2, scheme.potential_low_e2, scheme.potential_high_e2),
    )


def grade_round(one: Round) -> None:
    """Write the grades by the rules, a statement a grade; what people decided stays, no better than a veto allows."""
    bands = one.scheme.grades
    graded = grades_of(to_grade(one), bands, fewest=one.scheme.fewest)
    decided = dict(
        AppraisalChange.objects.filter(appraisal__round=one).order_by("id").values_list("appraisal", "after")
    )
    now: dict[tuple[str, str], list[int]] = defaultdict(list)
    rows = one.appraisals.filter(state=Appraisal.State.SCORED)
    for pk, caps, rule, grade in rows.values_list("pk", "caps", "grade_rule", "grade"):
        by_rule = graded.get(pk, "")
        by_people = capped(decided[pk], caps, bands) if by_rule and pk in decided else by_rule
        if (rule, grade) != (by_rule, by_people):
            now[by_rule, by_people].append(pk)
    for (by_rule, by_people), keys in now.items():
        for first in range(0, len(keys), CHUNK):
            Appraisal.objects.filter(pk__in=keys[first : first + CHUNK]).update(grade_rule=by_rule, grade=by_people)


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
    Appraisal.objects.bulk_create(
        rows, batch_size=CHUNK, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )
