"""Reads of appraisal: who may appraise, what contracts say, the calibration page's numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Avg, Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right, rights
from mainstay.core.jobs.models import Job
from mainstay.core.organisation.models import Holding, Unit
from mainstay.core.publications.models import Acknowledgement, Publication
from mainstay.kit.dates import local_today
from mainstay.performance.appraisal.models import (
    Appraisal,
    CareerPlan,
    Consequence,
    Criterion,
    PostFactor,
    RatingTask,
    Round,
    SeverityRun,
)
from mainstay.performance.appraisal.models.appraisals import VIEW_RIGHT
from mainstay.performance.appraisal.rules import FULL_BP, Scored
from mainstay.performance.plans.models import Contract
from mainstay.performance.plans.rules import Reported, grade_cap
from mainstay.performance.posts.models import HeldQualification
from mainstay.performance.posts.queries import FitCell, fit_to
from mainstay.performance.tracking.queries import Result, points_of, results_by_contract

if TYPE_CHECKING:
    from datetime import date

    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Person
    from mainstay.performance.appraisal.raters import Ratings

VIEW = register_right(VIEW_RIGHT, _("View appraisals"))
VIEW_SEVERITY = register_right("performance.appraisal.view_severity", _("View how strict raters are"))
VIEW_REWARD = register_right("performance.appraisal.view_reward", _("View consequences and bonuses"))


SCORE_JOB = "performance.appraisal.score_round"


def scoring_job(one: Round) -> Job | None:
    """Return the newest job that scores a round: one query."""
    return Job.objects.filter(kind=SCORE_JOB, subject=f"appraisal.round:{one.pk}").first()


def bar_to_appraise(user: User, one: Round) -> Any:
    """Return why a user may not appraise in a round yet, None when nothing is missing (A16).

    The policy in force of the round's code must be acknowledged, and its training be held and valid today.
    """
    policy = Publication.objects.filter(code=one.policy.code, state=Publication.State.PUBLISHED).first() or one.policy
    if not Acknowledgement.objects.filter(publication=policy, user=user.pk).exists():
        return _("Read and acknowledge “%(title)s” first; then you may appraise.") % {"title": policy.title}
    today = local_today()
    held = HeldQualification.objects.filter(person=user.person_id, qualification=one.training, from_on__lte=today)
    if not held.filter(Q(until_on=None) | Q(until_on__gte=today)).exists():
        return _("Finish the training “%(name)s” first; then you may appraise.") % {"name": one.training.name}
    return None


@dataclass(frozen=True)
class ContractScore:
    """What a signed contract says of a person: points (None while a target has no verified value), caps by vetoes."""

    contract: Contract
    results: list[Result]
    points_e2: int | None
    caps: list[str]


def contract_scores(one: Round, people: Iterable[int] | None = None) -> dict[int, ContractScore]:
    """Return, by person, the score of the signed contract of the round's period: constant number of queries.

    Somebody with a contract of his own is measured by it; the head of a unit without one by the unit's.
    """
    rows = Contract.objects.binding().filter(period=one.period_id, unit__path__startswith=one.unit.path)
    if people is not None:
        rows = rows.filter(person__in=list(people))
    contracts: dict[int, Contract] = {}
    for contract in rows.select_related("person", "unit", "period").order_by("person", "id"):
        held = contracts.get(contract.person_id)
        if held is None or contract.kind == Contract.Kind.PERSON:
            contracts[contract.person_id] = contract
    results = results_by_contract(contracts.values(), verified_only=True, today=one.period.until_on)
    return {person: _score(contract, results.get(contract.pk, [])) for person, contract in contracts.items()}


def people_to_score(one: Round) -> list[int]:
    """Return who has a signed contract of the round's period, by id: one query."""
    rows = Contract.objects.binding().filter(period=one.period_id, unit__path__startswith=one.unit.path)
    return list(rows.order_by("person").values_list("person", flat=True).distinct())


def _score(contract: Contract, results: list[Result]) -> ContractScore:
    caps = []
    for one in results:
        cap = grade_cap(one.target.rule, Reported(one.reached.value_e4 or 0, one.reached.veto))
        if cap and cap not in caps:
            caps.append(cap)
    return ContractScore(contract, results, points_of(results), caps)


def levels_of(one: Round, people: Iterable[int]) -> dict[tuple[int, str], list[int]]:
    """Return the levels each of some people got on each axis: one query."""
    rows = RatingTask.objects.filter(round=one, given_at__isnull=False, ratee__in=list(people))
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for person, axis, level in rows.values_list("ratee", "ratings__criterion__axis", "ratings__level"):
        if level is not None:
            found[person, axis].append(level)
    return dict(found)


def ratings_of(one: Round, axis: str) -> Ratings:
    """Return the ratings of an axis for the severity model, named by person ids, with contract scores beside them."""
    from mainstay.performance.appraisal.raters import Given, collect  # brings SciPy, which most processes never need

    rows = RatingTask.objects.filter(round=one, ratings__criterion__axis=axis)
    columns = ("rater", "ratee", "own", "ratings__criterion", "ratings__level")
    given = [
        Given(str(rater), str(ratee), str(criterion), float(level), own)
        for rater, ratee, own, criterion, level in rows.values_list(*columns)
    ]
    scores = Appraisal.objects.filter(round=one, result_e2__isnull=False).values_list("person", "result_e2")
    return collect(given, {str(person): (points or 0) / 100 for person, points in scores})


def main_posts(people: Iterable[int], on: date) -> dict[int, Holding]:
    """Return the post each person has held longest on a day: one query."""
    rows = Holding.objects.current(on).filter(person__in=list(people)).select_related("post__unit")
    found: dict[int, Holding] = {}
    for row in rows.order_by("person", "from_on", "pk"):
        found.setdefault(row.person_id, row)
    return found


def factors_of(posts: Iterable[int | None], on: date) -> dict[int, int]:
    """Return the factor of each post on a day (basis points), 1.0 where none is laid down: one query."""
    wanted = [post for post in posts if post is not None]
    found = dict.fromkeys(wanted, FULL_BP)
    rows = PostFactor.objects.filter(post__in=wanted, from_on__lte=on).order_by("from_on")
    found.update(dict(rows.values_list("post", "factor_bp")))
    return found


def to_grade(one: Round) -> list[Scored]:
    """Return everybody with a result, for the grading rules."""
    rows = one.appraisals.filter(result_e2__isnull=False).values_list("pk", "result_e2", "caps")
    return [Scored(pk, points or 0, tuple(caps)) for pk, points, caps in rows]


def appraisals_for(user: User) -> QuerySet[Appraisal]:
    """Return the appraisals a user may see, with what lists show."""
    rows = Appraisal.objects.visible_to(user)
    return rows.select_related("person", "unit", "post", "round__period", "round__unit", "round__scheme")


def rounds_for(user: User) -> QuerySet[Round]:
    """Return the rounds a user may see: those whose unit lies within, above or below the reach of the right."""
    rows = Round.objects.select_related("period", "unit", "scheme", "policy", "training")
    ids = rights.unit_ids(user, VIEW)
    if ids is None:
        return rows
    paths = Unit.objects.filter(pk__in=ids).values_list("path", flat=True)
    above = {int(part) for path in paths for part in path.split(".") if part}
    return rows.filter(unit__in={*ids, *above})


@dataclass(frozen=True)
class Box:
    """One box of the nine-box grid."""

    number: int
    people: int
    names: list[tuple[int, str]]


NAMES_SHOWN = 6


def nine_boxes(rows: QuerySet[Appraisal]) -> list[Box]:
    """Return the boxes, best potential first and results from low to high, with a few people each: two queries."""
    counted = dict(rows.filter(box__isnull=False).order_by().values_list("box").annotate(n=Count("pk")))
    names: dict[int, list[tuple[int, str]]] = defaultdict(list)
    if sum(counted.values()) <= NAMES_SHOWN * 9:
        shown = rows.filter(box__isnull=False).order_by("-result_e2", "pk")
        for number, pk, name in shown.values_list("box", "pk", "person__name"):
            names[number or 0].append((pk, name))
    order = [row * 3 + column for row in (2, 1, 0) for column in (1, 2, 3)]
    return [Box(number, counted.get(number, 0), names[number][:NAMES_SHOWN]) for number in order]


def grade_counts(rows: QuerySet[Appraisal]) -> dict[str, int]:
    """Return how many people have each grade: one query."""
    return dict(rows.order_by().values_list("grade").annotate(n=Count("pk")))


def unit_means(one: Round) -> dict[int, int]:
    """Return the mean result of each unit of a round (1/100 points): one query."""
    rows = one.appraisals.filter(result_e2__isnull=False).order_by().values_list("unit").annotate(mean=Avg("result_e2"))
    return {unit: round(mean) for unit, mean in rows}


def newest_runs(one: Round) -> list[SeverityRun]:
    """Return the newest estimate of each axis."""
    found = []
    for axis in Criterion.Axis.values:
        run = one.severity_runs.filter(axis=axis).order_by("-id").first()
        if run is not None:
            found.append(run)
    return found


def tasks_of(user: User) -> QuerySet[RatingTask]:
    """Return what a user has to rate or has rated."""
    rows = RatingTask.objects.filter(rater=user.person_id) if user.person_id else RatingTask.objects.none()
    return rows.select_related("round__period", "round__unit", "rater", "ratee").order_by("given_at", "-own", "pk")


def tasks_open(user: User) -> QuerySet[RatingTask]:
    """Ratings a user still owes."""
    return tasks_of(user).filter(given_at=None, round__state=Round.State.OPEN)


def criteria_on(day: date) -> list[Criterion]:
    """Return the criteria in use on a day."""
    return list(Criterion.objects.filter(Q(retired_on=None) | Q(retired_on__gt=day)))


def consequences_for(user: User) -> QuerySet[Consequence]:
    """Return the consequences a user may see."""
    ids = rights.unit_ids(user, VIEW_REWARD)
    rows = Consequence.objects.select_related("appraisal__person", "appraisal__unit", "appraisal__round__period")
    return rows if ids is None else rows.filter(appraisal__unit__in=ids)


@dataclass(frozen=True)
class Career:
    """A career plan, and what its person still lacks for the post aimed at."""

    plan: CareerPlan
    gaps: list[FitCell]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.plan, name)


def careers_of(person: int, limit: int = 3) -> list[Career]:
    """Return the newest career plans of a person; gaps to the post are told for the one in force."""
    rows = CareerPlan.objects.filter(person=person).select_related("person", "post__unit", "by__person")[:limit]
    found = []
    for number, plan in enumerate(rows):
        told = not number and plan.post is not None
        found.append(Career(plan, fit_to(plan.person, plan.post, local_today()).gaps if told and plan.post else []))
    return found


def people_by_id(ids: Sequence[int]) -> dict[int, Person]:
    """Return people by id: one query."""
    from mainstay.core.organisation.models import Person

    return Person.objects.in_bulk(list(ids))
