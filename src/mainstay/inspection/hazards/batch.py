"""The daily walk over open hazards: whoever has to know of a deadline is told."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db.models import Exists, OuterRef
from django.utils import timezone

from mainstay.core.access.batch import system_user
from mainstay.core.jobs.models import Schedule
from mainstay.core.todos.actions import open_todo
from mainstay.inspection.hazards import queries, rules
from mainstay.inspection.hazards.models import WITH_UNIT, EscalationStep, Hazard, HazardStep

JOB = "inspection.hazards.escalate"
REPORT, SEE = "inspection.hazards.report_rectification", "inspection.hazards.view_hazard"
DECIDE = "inspection.hazards.decide_supply"
DAY_MINUTES = 24 * 60


def install_schedule() -> None:
    """Let the walk begin every day, unless somebody has set another rhythm already."""
    Schedule.objects.get_or_create(kind=JOB, defaults={"every_minutes": DAY_MINUTES, "next_at": timezone.now()})


def escalate_hazards(today: date) -> int:
    """Take every step of escalation that is due; returns how many. Running it again the same day changes nothing."""
    steps, by, taken = queries.rungs(), system_user(), 0
    rows = Hazard.objects.filter(state__in=WITH_UNIT).exclude(state=Hazard.State.FOUND)
    for hazard in rows.select_related("unit", "campaign", "target").iterator(chunk_size=500):
        due = rules.rungs_due(steps.get(hazard.level, []), hazard.deadline_on, today, hazard.escalated)
        for rung in due:
            _tell(hazard, rung)
            HazardStep.objects.create(
                hazard=hazard, what=HazardStep.What.ESCALATED, by=by, note=f"T{rung.offset:+d} {rung.whom}"
            )
        if due:
            Hazard.objects.filter(pk=hazard.pk).update(escalated=hazard.escalated + len(due))
            taken += len(due)
    return taken + propose_stops(today)


def propose_stops(today: date) -> int:
    """Propose to stop supply of homes whose serious hazard is overdue, once each; returns how many."""
    proposed = HazardStep.objects.filter(hazard=OuterRef("pk"), what=HazardStep.What.PROPOSED)
    rows = Hazard.objects.overdue(today).filter(~Exists(proposed), campaign__kind="household", level=rules.MAJOR)
    by, made = system_user(), 0
    for hazard in rows.select_related("campaign", "target"):
        HazardStep.objects.create(hazard=hazard, what=HazardStep.What.PROPOSED, by=by, note=hazard.target.account_no)
        open_todo(
            kind="stop_supply",
            subject=f"hazards.hazard:{hazard.pk}",
            title_zh=f"停气建议：{hazard.target.name}"[:160],
            title_en=f"Proposal to stop supply: {hazard.target.name}"[:200],
            url=hazard.get_absolute_url(),
            right=DECIDE,
            unit_id=hazard.campaign.unit_id,
        )
        made += 1
    return made


def _tell(hazard: Hazard, rung: rules.Rung) -> None:
    for right, unit_id in _addressees(hazard, rung.whom):
        over = rung.offset > 0
        zh = f"{'整改超期' if over else '整改将到期'}：{hazard.target.name} {hazard.item_code}（{hazard.deadline_on}）"
        en = f"{'Overdue' if over else 'Due soon'}: {hazard.target.name} {hazard.item_code} ({hazard.deadline_on})"
        open_todo(
            kind="hazard_escalation",
            subject=f"hazards.hazard:{hazard.pk}:{rung.offset}:{unit_id}",
            title_zh=zh,
            title_en=en,
            url=hazard.get_absolute_url(),
            right=right,
            unit_id=unit_id,
            due_at=timezone.make_aware(datetime.combine(hazard.deadline_on, time(23, 59))),
        )


def _addressees(hazard: Hazard, whom: str) -> list[tuple[str, int]]:
    if whom == EscalationStep.Whom.OWNER:
        return [(REPORT, hazard.unit_id)]
    if whom == EscalationStep.Whom.HEAD:
        return [(SEE, hazard.unit.parent_id or hazard.unit_id)]
    return [(SEE, one.unit_id) for one in hazard.campaign.organisers.all()]
