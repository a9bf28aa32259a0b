"""Reads about campaigns: coverage, what is open by name, the board of tasks, history of a target."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, F, Max, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right, rights
from mainstay.inspection.campaigns.models import Assignment, Campaign, GroupMember, Inspection, InspectionGroup, Target
from mainstay.inspection.campaigns.rules import Coverage, DayLine, by_day, coverage, together

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW = register_right("inspection.campaigns.view_campaign", _("View campaigns and targets"))
RECORD = "inspection.campaigns.record_inspection"
# Not among the rights of organisers: a program that speaks for the inspectors of another system.
SEND = register_right("inspection.programs.send_records", _("Send records in the name of any inspection group"))
STATES = Assignment.State
OPEN_STATES = [state for state in STATES.values if state not in (STATES.DONE, STATES.EXEMPT)]
NOTHING = coverage(())
MOST_NAMED = 25  # on the page of a campaign; the list behind it has them all


def campaigns_visible_to(user: User) -> QuerySet[Campaign]:
    """Campaigns a user sees, newest first."""
    return Campaign.objects.visible_to(user).select_related("unit")


def targets_visible_to(user: User, right: str = VIEW) -> QuerySet[Target]:
    """Targets of the units a user sees, and those his groups are sent to."""
    rows = Target.objects.select_related("unit")
    ids = rights.unit_ids(user, right)
    return rows if ids is None else rows.filter(unit__in=ids)


def coverage_of(rows: QuerySet[Assignment]) -> Coverage:
    """Coverage of a set of assignments: one query. The same as `rules.coverage` of its rows."""
    return coverage_by(rows).get((), NOTHING)


def coverage_by(rows: QuerySet[Assignment], *names: str) -> dict[tuple[Any, ...], Coverage]:
    """Coverage for each value of some columns: one query, which counts each state once and leaves adding to here."""
    met = ExpressionWrapper(Q(reached_on__isnull=False), output_field=BooleanField())
    counted = rows.order_by().values(*names, "state", "late", met=met).annotate(n=Count("id"))
    found: dict[tuple[Any, ...], list[Coverage]] = defaultdict(list)
    for row in counted:
        key = tuple(row[name] for name in names)
        found[key].append(_counted(row["n"], row["state"], late=row["late"], met=row["met"]))
    return {key: together(found[key]) for key in sorted(found, key=str)}


def _counted(count: int, state: str, *, late: bool, met: bool) -> Coverage:
    """Coverage of `count` targets that are alike."""
    reached = state != STATES.EXEMPT and (met or state == STATES.DONE)
    sums = {
        "inspected": STATES.DONE,
        "exempt": STATES.EXEMPT,
        "refused": STATES.REFUSED,
        "unreachable": STATES.UNREACHABLE,
    }
    return Coverage(
        total=count, reached=count * reached, late=count * late,
        **{name: count * (state == one) for name, one in sums.items()},
    )  # fmt: skip


def regrouped(found: dict[tuple[Any, ...], Coverage], place: int) -> dict[Any, Coverage]:
    """Coverage by one of the columns that `coverage_by` was asked for."""
    parts: dict[Any, list[Coverage]] = defaultdict(list)
    for key, one in found.items():
        parts[key[place]].append(one)
    return {key: together(parts[key]) for key in sorted(parts, key=str)}


def days_of(campaign: Campaign, today: date) -> list[DayLine]:
    """Plan against work, day by day, until today or the end of the window: two queries."""
    last = max(campaign.from_on, min(today, campaign.until_on))
    rows = campaign.assignments.order_by()
    due = rows.filter(due_on__lte=last).exclude(state=STATES.EXEMPT).values_list("due_on").annotate(n=Count("id"))
    done = rows.filter(state=STATES.DONE).values_list("inspected_on").annotate(n=Count("id"))
    dones = [(on, count) for on, count in done if on]
    return by_day([(on, count) for on, count in due if on], dones, campaign.from_on, last)


def open_ones(campaign: Campaign, most: int = MOST_NAMED) -> QuerySet[Assignment]:
    """What is not covered, by name: the `most` longest overdue first, those without a day at the end.

    Each state is asked by itself: the index on campaign, state and day then gives the first few of a long list.
    """
    rows = campaign.assignments.order_by("due_on", "pk")
    found = [one for state in OPEN_STATES for one in rows.filter(state=state).values_list("due_on", "pk")[:most]]
    keys = [key for _due, key in sorted(found, key=lambda one: (one[0] or date.max, one[1]))[:most]]
    listed = campaign.assignments.filter(pk__in=keys).select_related("target", "unit", "group")
    return listed.order_by(F("due_on").asc(nulls_last=True), "pk")


def groups_of(campaign: Campaign, covered: Mapping[int | None, Coverage]) -> list[InspectionGroup]:
    """The groups with members and their `coverage`: three queries."""
    groups = list(campaign.groups.prefetch_related("members__person", "members__unit").order_by("code"))
    for one in groups:
        one.coverage = covered.get(one.pk, NOTHING)  # type: ignore[attr-defined]
    return groups


def is_member(user: User, group_id: int | None) -> bool:
    """Tell whether a user works in a group."""
    return bool(group_id) and GroupMember.objects.filter(group=group_id, person=user.person_id or 0).exists()


def may_record(user: User, assignment: Assignment) -> bool:
    """Tell whether a user is in the group that is sent there, or a program that sends for all groups."""
    if is_member(user, assignment.group_id):
        return True
    return Campaign.objects.visible_to(user, SEND).filter(pk=assignment.campaign_id).exists()


def leads(user: User, group_id: int | None) -> bool:
    """Tell whether a user leads a group."""
    mine = GroupMember.objects.filter(group=group_id, person=user.person_id or 0, leads=True)
    return bool(group_id) and mine.exists()


def records_visible_to(user: User) -> QuerySet[Inspection]:
    """Current records of the campaigns a user sees."""
    rows = Inspection.objects.filter(current=True, assignment__campaign__in=Campaign.objects.visible_to(user))
    return rows.select_related("assignment__target", "assignment__campaign", "by__person")


def to_confirm(user: User, rows: QuerySet[Inspection]) -> QuerySet[Inspection]:
    """Records that wait for the word of a user who leads the group."""
    led = GroupMember.objects.filter(person=user.person_id or 0, leads=True).values("group")
    return rows.filter(state=Inspection.State.SUBMITTED, assignment__group__in=led)


def behind(rows: QuerySet[Campaign], today: date) -> QuerySet[Campaign]:
    """Campaigns being inspected with targets whose day is over and that are neither inspected nor exempt."""
    running = (Campaign.State.ACTIVE, Campaign.State.COLLECTING)
    late = Assignment.objects.filter(campaign=OuterRef("pk"), state__in=OPEN_STATES, due_on__lt=today)
    return rows.filter(Exists(late), state__in=running)


def history_of(target: Target) -> QuerySet[Inspection]:
    """Every visit to a target in its newest wording, the latest first."""
    rows = Inspection.objects.filter(assignment__target=target, current=True)
    return rows.select_related("assignment__campaign", "by__person").order_by("-arrived_at")


def last_visits(targets: list[int]) -> dict[int, Inspection]:
    """The last finished inspection of each target: two queries."""
    done = Inspection.objects.filter(assignment__target__in=targets, current=True, outcome=Inspection.Outcome.DONE)
    newest = done.order_by().values("assignment__target").annotate(newest=Max("id")).values_list("newest", flat=True)
    rows = Inspection.objects.filter(pk__in=list(newest)).select_related("assignment", "by__person")
    return {one.assignment.target_id: one for one in rows}


def blocks_of(campaign: Campaign) -> QuerySet[Assignment, Any]:
    """The board of tasks by block and stair: how many, how many done, reached, refused."""
    rows = campaign.assignments.order_by("block", "stair").values("block", "stair", "klass")
    return rows.annotate(
        total=Count("id"),
        done=Count("id", filter=Q(state=STATES.DONE)),
        reached=Count("id", filter=Q(reached_on__isnull=False)),
        refused=Count("id", filter=Q(state=STATES.REFUSED)),
        nobody=Count("id", filter=Q(state=STATES.UNREACHABLE)),
        due=Min("due_on"),
    )


def stair_of(campaign: Campaign, block: str, stair: str) -> QuerySet[Assignment]:
    """The tasks of one stair."""
    rows = campaign.assignments.filter(block=block, stair=stair)
    return rows.select_related("target").order_by("target__room", "target__code")


def member_names(campaign: Campaign) -> dict[int, list[str]]:
    """Names of each group's members, the leader first: one query."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = GroupMember.objects.filter(group__campaign=campaign).select_related("person").order_by("-leads", "id")
    for one in rows:
        found[one.group_id].append(one.person.name)
    return dict(found)


def items_failed(campaign: Campaign) -> list[dict[str, Any]]:
    """Items by how often they failed in the current records of a campaign: one query."""
    from mainstay.inspection.campaigns.models import Answer

    rows = Answer.objects.filter(
        inspection__current=True, inspection__assignment__campaign=campaign, result=Answer.Result.FAIL
    )
    counted = rows.order_by().values("item__code", "item__zh", "item__en", "item__severity", "item__section__zh")
    found: Any = counted.annotate(n=Count("id"), section=F("item__section__code")).order_by("-n", "item__code")
    return list(found)
