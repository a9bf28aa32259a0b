"""Reads about patrols: rounds with what became of them, the points walked and missed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right
from mainstay.core.events.providers import provide
from mainstay.inspection.campaigns.models import Assignment, Inspection
from mainstay.inspection.patrols.models import Patrol, PatrolRound
from mainstay.inspection.patrols.rules import state_of_point, state_of_round

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW = register_right("inspection.patrols.view_patrol", _("View patrols and their rounds"))
SHOWN = 14
MONTH, WEEK = timedelta(days=30), timedelta(days=7)


@dataclass(slots=True)
class Walk:
    """One point in one round: what became of it, by whom and when, whether its label was read, what failed."""

    assignment: int
    target: int
    state: str
    by: str = ""
    at: str = ""
    scanned: bool = False
    failed: int = 0


@dataclass(slots=True)
class RoundLine:
    """A round with its walks by target."""

    round: PatrolRound
    walks: dict[int, Walk] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """done, late, open or missed."""
        return state_of_round([one.state for one in self.walks.values()])

    def count(self, *states: str) -> int:
        """How many points are in one of some states."""
        return sum(one.state in states for one in self.walks.values())

    @property
    def walked(self) -> int:
        """Points that were walked, in time or late."""
        return self.count("done", "late")

    @property
    def missed(self) -> int:
        """Points that nobody came to."""
        return self.count("missed")

    @property
    def scanned(self) -> int:
        """Points whose label was read."""
        return sum(one.scanned for one in self.walks.values())

    @property
    def failed(self) -> int:
        """Items that failed."""
        return sum(one.failed for one in self.walks.values())

    @property
    def people(self) -> list[str]:
        """Who walked."""
        return sorted({one.by for one in self.walks.values() if one.by})


def patrols_visible_to(user: User, right: str = VIEW) -> QuerySet[Patrol]:
    """Patrols a user sees."""
    return Patrol.objects.visible_to(user, right).select_related("unit")


def rounds_of(patrol: Patrol, today: date, most: int = SHOWN) -> list[RoundLine]:
    """The last rounds that have begun, newest first, with every point: three queries."""
    rows = patrol.rounds.filter(from_on__lte=today).select_related("campaign").order_by("-from_on")[:most]
    lines = {one.campaign_id: RoundLine(one) for one in rows}
    for one in lines.values():
        one.round.patrol = patrol
    records = _records(list(lines))
    points = Assignment.objects.filter(campaign__in=list(lines)).exclude(state=Assignment.State.EXEMPT)
    for point in points.order_by("stair", "pk"):
        line = lines[point.campaign_id]
        state = state_of_point(point.inspected_on, line.round.until_on, today)
        walk = Walk(point.pk, point.target_id, state)
        if record := records.get(point.pk):
            walk.by, walk.scanned, walk.failed = str(record.by), record.scanned, record.failed
            walk.at = f"{timezone.localtime(record.arrived_at):%m-%d %H:%M}"
        line.walks[point.target_id] = walk
    return list(lines.values())


def _records(campaigns: list[int]) -> dict[int, Inspection]:
    rows = Inspection.objects.filter(assignment__campaign__in=campaigns, current=True, outcome="done")
    return {one.assignment_id: one for one in rows.select_related("by__person").defer("body").order_by("pk")}


def by_point(patrol: Patrol, lines: list[RoundLine]) -> list[tuple[str, list[Walk | None]]]:
    """The rounds again, a row for each point of today's way, oldest round first: one query."""
    oldest_first = lines[::-1]
    points = patrol.points.select_related("target").order_by("order", "id")
    return [(one.target.name, [line.walks.get(one.target_id) for line in oldest_first]) for one in points]


def newest_of(patrols: list[Patrol], today: date) -> dict[int, list[str]]:
    """States of the last seven rounds of each patrol, oldest first: two queries."""
    first = today - MONTH * 8  # seven monthly rounds
    rows = PatrolRound.objects.filter(patrol__in=patrols, from_on__lte=today, from_on__gte=first).order_by("-from_on")
    kept: dict[int, list[PatrolRound]] = defaultdict(list)
    for one in rows:
        if len(kept[one.patrol_id]) < 7:  # noqa: PLR2004 - a week of daily rounds
            kept[one.patrol_id].append(one)
    campaigns = {one.campaign_id: one for listed in kept.values() for one in listed}
    states: dict[int, list[str]] = defaultdict(list)
    points = Assignment.objects.filter(campaign__in=list(campaigns)).exclude(state=Assignment.State.EXEMPT)
    for campaign, inspected_on in points.values_list("campaign", "inspected_on"):
        states[campaign].append(state_of_point(inspected_on, campaigns[campaign].until_on, today))
    return {key: [state_of_round(states[one.campaign_id]) for one in listed[::-1]] for key, listed in kept.items()}


def missed_points(patrols: QuerySet[Patrol], today: date) -> QuerySet[Assignment]:
    """Points missed in the last thirty days."""
    over = {"patrol_round__until_on__lt": today, "patrol_round__until_on__gte": today - MONTH}
    rows = Assignment.objects.to_do().filter(campaign__patrol_round__patrol__in=patrols)
    return rows.filter(**{f"campaign__{name}": value for name, value in over.items()})


def missed_since(patrols: QuerySet[Patrol], today: date) -> dict[int, int]:
    """Points missed in the last thirty days, by patrol: one query."""
    counted = (
        missed_points(patrols, today)
        .order_by()
        .values(patrol=F("campaign__patrol_round__patrol"))
        .annotate(n=Count("pk"))
    )
    return {row["patrol"]: row["n"] for row in counted}


@provide("patrols_of_the_week")
def of_the_week(*, today: date) -> list[tuple[str, int, int]]:
    """Name, points walked and points missed of the last seven days' rounds that are over, by patrol: two queries."""
    over = Q(campaign__patrol_round__until_on__lt=today, campaign__patrol_round__until_on__gte=today - WEEK)
    points = Assignment.objects.filter(over).exclude(state=Assignment.State.EXEMPT)
    counted = points.order_by().values(patrol=F("campaign__patrol_round__patrol"))
    found = counted.annotate(all=Count("pk"), missed=Count("pk", filter=Q(inspected_on=None)))
    names = {one.pk: one.name for one in Patrol.objects.filter(paused=False)}
    return [
        (names[one["patrol"]], one["all"] - one["missed"], one["missed"]) for one in found if one["patrol"] in names
    ]
