"""Reads of tracking: what targets have reached, what is open, who sees what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right, rights
from mainstay.performance.plans.models import Contract, Indicator, Period, Target
from mainstay.performance.plans.queries_parts import Measured
from mainstay.performance.plans.rules import Reported, Sentence, contract_points, score
from mainstay.performance.plans.rules.shares import attained_bp
from mainstay.performance.tracking.models import Action, Actual, CoachingNote, Session
from mainstay.performance.tracking.models import actions as action_models
from mainstay.performance.tracking.models import sessions as session_models
from mainstay.performance.tracking.rules import Inside, Reached, Reading, Span, elapsed_bp, inside, light, reached

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from mainstay.core.access.models import User

REPORT = "performance.tracking.report_actual"  # the name of the act
VIEW = register_right(action_models.VIEW_RIGHT, _("View actions of others"))
VIEW_SESSIONS = register_right(session_models.VIEW_RIGHT, _("View sessions of others"))
VIEW_COACHING = register_right("performance.tracking.view_coaching", _("View coaching notes of others"))


@dataclass(frozen=True)
class Result:
    """What a target reached so far: value, attainment (bp), points (1/100) with their sentence, and how it stands."""

    target: Target
    reached: Reached
    attained_bp: int | None
    points_e2: int | None
    sentence: Sentence | None
    light: str

    @property
    def actual_e4(self) -> int | None:
        """The value reached, 1/10000 of the indicator's unit."""
        return self.reached.value_e4


def results_of(targets: Sequence[Target], *, verified_only: bool = False, today: date) -> list[Result]:
    """Return the results of targets (with contract and indicator read along) in their order: two queries.

    `verified_only` leaves out what nobody has verified yet, as the appraisal does.
    """
    spans = spans_around({target.contract.period_id for target in targets})
    children = inside(spans.values())
    readings = _readings([target.pk for target in targets], verified_only)
    return [_result(target, spans, children, readings.get(target.pk, {}), today) for target in targets]


def values_reached(targets: Sequence[Measured]) -> dict[int, tuple[int | None, int | None]]:
    """Return (value, attainment in bp) of targets, unscored: three queries."""
    children = inside(spans_around({target.period for target in targets}).values())
    readings = _readings([target.pk for target in targets], verified_only=False)
    found: dict[int, tuple[int | None, int | None]] = {}
    for pk, period, target_e4, how, direction in targets:
        value = reached(period, children, readings[pk], how).value_e4 if pk in readings else None
        found[pk] = (value, None if value is None else attained_bp(target_e4, value, direction))
    return found


def results_by_contract(
    contracts: Iterable[Contract], *, verified_only: bool = False, today: date
) -> dict[int, list[Result]]:
    """Return the results of contracts' targets by contract: five queries whatever the number of contracts."""
    found: dict[int, list[Result]] = defaultdict(list)
    known = {one.pk: one for one in contracts}
    targets = list(Target.objects.filter(contract__in=known).order_by("contract", "position", "id"))
    indicators = Indicator.objects.in_bulk({target.indicator_id for target in targets})
    for target in targets:  # the same few indicators and periods for thousands of targets: read once
        target.contract, target.indicator = known[target.contract_id], indicators[target.indicator_id]
    for result in results_of(targets, verified_only=verified_only, today=today):
        found[result.target.contract_id].append(result)
    return dict(found)


def points_of(results: Iterable[Result]) -> int | None:
    """Return a contract's points (1/100) from its results; None while a target has no value yet."""
    rows = [(one.target.weight_bp, one.points_e2) for one in results]
    if not rows or any(points is None for _weight, points in rows):
        return None
    return contract_points((weight, points or 0) for weight, points in rows)


def spans_around(period_ids: Iterable[int]) -> dict[int, Span]:
    """Return some periods and everything inside them: one query for each level of the tree, three at most."""
    wanted = set(period_ids)
    if not wanted:
        return {}
    ranges = Period.objects.filter(pk__in=wanted).values_list("from_on", "until_on")
    days = list(ranges)
    first, last = min(day for day, _until in days), max(day for _from, day in days)
    rows = Period.objects.filter(until_on__gte=first, from_on__lte=last)
    columns = rows.values_list("pk", "parent", "from_on", "until_on")
    return {pk: Span(pk, parent, from_on, until_on) for pk, parent, from_on, until_on in columns}


def _readings(targets: list[int], verified_only: bool) -> dict[int, dict[int, Reading]]:
    rows = Actual.objects.standing().filter(target__in=targets)
    if verified_only:
        rows = rows.filter(state=Actual.State.VERIFIED)
    found: dict[int, dict[int, Reading]] = defaultdict(dict)
    columns = ("target", "period", "value_e4", "state", "veto", "plus_e2", "minus_e2")
    for target, period, value, state, veto, plus, minus in rows.values_list(*columns):
        found[target][period] = Reading(value, state == Actual.State.VERIFIED, veto, plus, minus)
    return found


def _result(
    target: Target, spans: Mapping[int, Span], children: Inside, readings: Mapping[int, Reading], today: date
) -> Result:
    indicator = target.indicator
    found = reached(target.contract.period_id, children, readings, indicator.combine)
    if found.value_e4 is None:
        return Result(target, found, None, None, None, light(None, 0))
    points = score(target.rule, target.values, Reported(found.value_e4, found.veto, found.plus_e2, found.minus_e2))
    share = attained_bp(target.target_e4, found.value_e4, indicator.direction)
    expected = elapsed_bp(spans[target.contract.period_id], today) if indicator.additive else 10_000
    return Result(target, found, share, points.points_e2, points.sentence, light(share, expected))


def actions_for(user: User) -> QuerySet[Action]:
    """Actions a user may see, with what lists show of them."""
    return Action.objects.visible_to(user).select_related("owner", "checker", "unit")


def my_open_actions(user: User) -> tuple[QuerySet[Action], QuerySet[Action]]:
    """Actions the user owes, and those he has to check."""
    person = user.person_id or 0
    owed = Action.objects.filter(owner=person, state=Action.State.OPEN)
    return owed, Action.objects.filter(checker=person, state=Action.State.DONE)


def sessions_for(user: User) -> QuerySet[Session]:
    """Sessions a user may see, with what lists show of them."""
    return Session.objects.visible_to(user).select_related("unit", "period", "host", "recorder")


def actuals_for(user: User) -> QuerySet[Actual]:
    """Actual values of the contracts that a user may see."""
    rows = Actual.objects.visible_to(user)
    return rows.select_related("target__indicator", "target__contract__person", "period", "reported_by__person")


def actuals_to_verify(user: User) -> QuerySet[Actual]:
    """Reported values that wait for somebody like the user: not the own ones."""
    ids = rights.unit_ids(user, "performance.tracking.verify_actual")
    rows = Actual.objects.filter(state=Actual.State.REPORTED).exclude(reported_by=user.pk)
    return rows if ids is None else rows.filter(target__contract__unit__in=ids)


def coaching_of(user: User, person_id: int) -> QuerySet[CoachingNote]:
    """Coaching notes about a person that a user may read: the own, those one wrote, those of units one may see."""
    rows = CoachingNote.objects.filter(person=person_id).select_related("by__person")
    if user.person_id == person_id:
        return rows
    if not rights.allowed(user, VIEW_COACHING):
        return rows.filter(by=user.pk)
    ids = rights.unit_ids(user, VIEW_COACHING)
    return rows if ids is None else rows.filter(by=user.pk) | rows.filter(unit__in=ids)
