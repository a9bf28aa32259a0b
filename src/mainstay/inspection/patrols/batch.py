"""Rounds as campaigns of their own: made, told of when missed, closed, by sets."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef
from django.utils import timezone

from mainstay.core.access.batch import system_user
from mainstay.core.jobs.models import Schedule
from mainstay.core.todos.actions import open_todo
from mainstay.inspection.campaigns.models import (
    Assignment,
    Campaign,
    GroupMember,
    Inspection,
    InspectionGroup,
    Organiser,
)
from mainstay.inspection.campaigns.states import CAMPAIGN
from mainstay.inspection.checklists.models import Checklist, ChecklistVersion
from mainstay.inspection.patrols.models import Patrol, PatrolRound
from mainstay.inspection.patrols.rules import Window

JOB = "inspection.patrols.make_rounds"
SAVE = "inspection.patrols.save_patrol"
EVERY_MINUTES = 60


def install_schedule() -> None:
    """Let the rounds be made every hour, unless somebody has set another rhythm already."""
    Schedule.objects.get_or_create(kind=JOB, defaults={"every_minutes": EVERY_MINUTES, "next_at": timezone.now()})


def versions_of(checklists: Iterable[Checklist]) -> dict[int, ChecklistVersion]:
    """The version in force of each checklist that has one: one query."""
    rows = ChecklistVersion.objects.filter(checklist__in=list(checklists), state=ChecklistVersion.State.PUBLISHED)
    return {one.checklist_id: one for one in rows.order_by("number")}


def create_rounds(patrol: Patrol, due: list[Window]) -> list[PatrolRound]:
    """Make a campaign, in force, for each window, with the points and people of the patrol."""
    if not due:
        return []
    points = list(patrol.points.select_related("target").order_by("order", "id"))
    walkers = list(patrol.walkers.select_related("person"))
    versions = list(versions_of(patrol.checklists.all()).values())
    now, made = timezone.now(), []
    for window in due:
        campaign = Campaign.objects.create(
            kind="room", code=f"{patrol.code}-{window.first:%y%m%d}", unit_id=patrol.unit_id, round_on=window.first,
            name_zh=f"{patrol.name_zh} {window.first:%m-%d}", name_en=f"{patrol.name_en} {window.first:%m-%d}".strip(),
            from_on=window.first, until_on=window.last, min_inspectors=1, companion_needed=False,
        )  # fmt: skip
        campaign.versions.set(versions)
        Organiser.objects.create(campaign=campaign, unit_id=patrol.unit_id)
        group = InspectionGroup.objects.create(campaign=campaign, code="1", name=patrol.name_zh[:60])
        GroupMember.objects.bulk_create(
            GroupMember(group=group, person=one.person, unit_id=patrol.unit_id, leads=one.leads) for one in walkers
        )
        Assignment.objects.bulk_create(
            Assignment(
                campaign=campaign, target=one.target, group=group, unit_id=one.target.unit_id, klass=one.target.klass,
                block=one.target.block, stair=f"{one.order:03d}", due_on=window.last,
            )
            for one in points
        )  # fmt: skip
        CAMPAIGN.require(Campaign.State.DRAFT, Campaign.State.ACTIVE)
        Campaign.objects.filter(pk=campaign.pk).update(state=Campaign.State.ACTIVE, activated_at=now)
        made.append(
            PatrolRound.objects.create(patrol=patrol, from_on=window.first, until_on=window.last, campaign=campaign)
        )
    return made


def close_rounds(patrol: Patrol, before: date) -> int:
    """Close rounds that ended before a day and lock their records; returns how many. What is open stays missed."""
    running = (Campaign.State.ACTIVE, Campaign.State.COLLECTING)
    for state in running:
        CAMPAIGN.require(state, Campaign.State.CLOSED)
    over = Campaign.objects.filter(patrol_round__patrol=patrol, patrol_round__until_on__lt=before, state__in=running)
    keys = list(over.values_list("pk", flat=True))
    records = Inspection.objects.filter(assignment__campaign__in=keys, current=True)
    open_states = (Inspection.State.SUBMITTED, Inspection.State.CONFIRMED)
    records.filter(state__in=open_states).update(state=Inspection.State.LOCKED)
    return Campaign.objects.filter(pk__in=keys).update(state=Campaign.State.CLOSED, closed_at=timezone.now())


def make_all_rounds(today: date) -> int:
    """Make what is due of every patrol and tell of rounds that were missed; returns how many rounds are new."""
    from mainstay.inspection.patrols.actions import make_rounds

    by, made = system_user(), 0
    for patrol in Patrol.objects.order_by("pk"):
        made += len(make_rounds(patrol=patrol, today=today, by=by))
    tell_missed(today)
    return made


def tell_missed(today: date) -> int:
    """Open a to-do for each round whose window ended with points not walked; once each. Returns how many."""
    missed = Assignment.objects.to_do().filter(campaign=OuterRef("campaign"))
    over = PatrolRound.objects.filter(told=False, until_on__lt=today)
    rows = over.filter(Exists(missed)).select_related("patrol", "campaign").order_by("pk")
    count = 0
    for one in rows:
        left = one.campaign.assignments.to_do().count()
        open_todo(
            kind="missed_round",
            subject=f"patrols.patrolround:{one.pk}",
            title_zh=f"漏检：{one.patrol.name_zh} {one.from_on:%m-%d}，{left} 个点未检",
            title_en=f"Missed round: {one.patrol.name} {one.from_on:%m-%d}, {left} points not walked",
            url=one.patrol.get_absolute_url(),
            right=SAVE,
            unit_id=one.patrol.unit_id,
            due_at=timezone.make_aware(datetime.combine(one.until_on, time(23, 59))),
        )
        count += 1
    over.update(told=True)
    return count
