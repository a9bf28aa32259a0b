"""Reads about hazards: boards, clocks, what a packet says, statistics that open their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right, rights
from mainstay.inspection.campaigns.models import Target
from mainstay.inspection.hazards import rules
from mainstay.inspection.hazards.models import WITH_UNIT, EscalationStep, Hazard, HazardClock, Notice
from mainstay.kit.dates import local_today

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW = register_right("inspection.hazards.view_hazard", _("View hazards and notices"))
REPORT = "inspection.hazards.report_rectification"
USUAL_DAYS = {"general": 30, "major": 7}


def hazards_visible_to(user: User) -> QuerySet[Hazard]:
    """Hazards a user sees, the most urgent first."""
    return Hazard.objects.visible_to(user).select_related("target", "unit", "campaign", "item")


def to_put_right(user: User) -> QuerySet[Hazard]:
    """What the units for which a user reports have been told to put right, the most urgent first."""
    ids = rights.unit_ids(user, REPORT)
    rows = Hazard.objects.filter(state__in=WITH_UNIT).exclude(state=Hazard.State.FOUND)
    rows = rows if ids is None else rows.filter(unit__in=ids)
    return rows.select_related("target", "unit", "campaign", "item").order_by("deadline_on", "pk")


def notices_visible_to(user: User, right: str = VIEW) -> QuerySet[Notice]:
    """Notices a user sees with a right, the newest first."""
    hazards = Hazard.objects.visible_to(user, right)
    rows = Notice.objects.filter(Q(pk__in=Notice.hazards.through.objects.filter(hazard__in=hazards).values("notice")))
    return rows.select_related("target", "unit", "campaign", "issued_by__person", "document")


def days_for(level: str, on: date) -> int:
    """Days a level may take on a day: the dated row in force, else the usual number."""
    rows = [rules.Clock(c.level, c.days, c.accept_days, c.from_on) for c in HazardClock.objects.filter(level=level)]
    found = rules.clock_for(rows, level, on)
    return found.days if found else USUAL_DAYS[level]


def rungs() -> dict[str, list[rules.Rung]]:
    """The steps of escalation of each level."""
    found: dict[str, list[rules.Rung]] = defaultdict(list)
    for one in EscalationStep.objects.order_by("offset", "whom"):
        found[one.level].append(rules.Rung(one.offset, one.whom))
    return dict(found)


def is_issued(number: str, record: UUID) -> bool:
    """Tell whether a notice of this number was issued with an earlier edition of a record."""
    return Notice.objects.filter(number=number, hazards__inspection__record=record).exists()


def hazards_of_targets(targets: Sequence[Target]) -> dict[int, list[dict[str, Any]]]:
    """Open hazards of targets as a packet holds them: one query."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in Hazard.objects.unfinished().filter(target__in=targets).order_by("deadline_on", "id"):
        found[one.target_id].append(
            {
                "id": one.pk, "item": one.item_code, "level": one.level, "state": one.state, "finding": one.finding,
                "found_on": one.found_on.isoformat(), "deadline_on": one.deadline_on.isoformat(), "seen": one.seen,
            }
        )  # fmt: skip
    return dict(found)


def sums(rows: QuerySet[Hazard], today: date | None = None) -> dict[str, int]:
    """The numbers of a board: all, serious, open, overdue, written off, repeats: one query."""
    today = today or local_today()
    return rows.order_by().aggregate(
        total=Count("id"),
        major=Count("id", filter=Q(level="major")),
        open=Count("id", filter=~Q(state="closed")),
        overdue=Count("id", filter=Q(state__in=WITH_UNIT, deadline_on__lt=today)),
        closed=Count("id", filter=Q(state="closed")),
        came_back=Count("id", filter=Q(repeat_of__isnull=False)),
    )


def by_item(rows: QuerySet[Hazard]) -> list[dict[str, Any]]:
    """Hazards by item, the most frequent first: one query."""
    counted: Any = (
        rows.order_by()
        .values("item_code", "item__zh", "item__en", "level")
        .annotate(
            n=Count("id"),
            open=Count("id", filter=~Q(state="closed")),
            came_back=Count("id", filter=Q(repeat_of__isnull=False)),
        )
    )
    return list(counted.order_by("-n", "item_code"))


def by_unit(rows: QuerySet[Hazard]) -> list[dict[str, Any]]:
    """Hazards by responsible unit: one query."""
    counted: Any = rows.order_by().values("unit", "unit__name_zh", "unit__name_en").annotate(
        n=Count("id"), major=Count("id", filter=Q(level="major")), open=Count("id", filter=~Q(state="closed")),
        came_back=Count("id", filter=Q(repeat_of__isnull=False)),
    )  # fmt: skip
    return list(counted.order_by("-n", "unit__name_zh"))
