"""Groups of a campaign, their members, and which targets they are sent to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.inspection.campaigns.actions.plan import about, in_draft, unit_of
from mainstay.inspection.campaigns.models import Assignment, Campaign, GroupMember, InspectionGroup, Target
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Person, Unit


def _unit_of_group(group: InspectionGroup, **_facts: Any) -> int:
    return group.campaign.unit_id


def _about_group(group: InspectionGroup, **_facts: Any) -> str:
    return f"campaigns.campaign:{group.campaign_id}"


@action("inspection.campaigns.save_group", title=_("Change a group"), unit=unit_of, subject=about)
def save_group(
    *, campaign: Campaign, code: str, name: str, area: str = "", group: InspectionGroup | None = None, by: User
) -> InspectionGroup:
    """Make a group or change it. Raises Problem for a code that is taken in this campaign."""
    if campaign.groups.filter(code=code).exclude(pk=group.pk if group else 0).exists():
        raise Problem(_("There is a group with this code already."), field="code", code="taken")
    row = group or InspectionGroup(campaign=campaign)
    row.code, row.name, row.area = code.strip(), name.strip(), area.strip()
    row.save()
    note_change(after={"group": row.code})
    return row


@action(
    "inspection.campaigns.save_member", title=_("Put somebody into a group"), unit=_unit_of_group, subject=_about_group
)
def save_member(
    *,
    group: InspectionGroup,
    person: Person,
    unit: Unit,
    leads: bool = False,
    duty: str = "",
    sections: Sequence[str] = (),
    by: User,
) -> GroupMember:
    """Put a person into a group or change his part; `unit` sends him. A new leader takes the place of the old."""
    if leads:
        group.members.exclude(person=person).update(leads=False)
    row, _made = GroupMember.objects.update_or_create(
        group=group,
        person=person,
        defaults={"unit": unit, "leads": leads, "duty": duty.strip(), "sections": list(sections)},
    )
    note_change(after={"group": group.code, "person": person.staff_no, "leads": leads})
    return row


@action(
    "inspection.campaigns.drop_member",
    title=_("Take somebody out of a group"),
    unit=_unit_of_group,
    subject=_about_group,
)
def drop_member(*, group: InspectionGroup, member: GroupMember, by: User) -> None:
    """Take a member out. Raises Problem for the leader of a campaign that is in force."""
    if member.leads and group.campaign.state != Campaign.State.DRAFT:
        raise Problem(_("Name another leader first."), code="leader")
    note_change(before={"group": group.code, "person": member.person.staff_no})
    member.delete()


@action("inspection.campaigns.assign_targets", title=_("Send a group to targets"), unit=unit_of, subject=about)
def assign_targets(
    *,
    campaign: Campaign,
    targets: Sequence[Target],
    group: InspectionGroup | None,
    due_on: date | None = None,
    by: User,
) -> int:
    """Put targets on a draft's list, or give those on it another group and day; returns how many."""
    in_draft(campaign)
    if due_on and not campaign.from_on <= due_on <= campaign.until_on:
        raise Problem(_("The day lies outside the campaign's window."), field="due_on", code="window")
    for target in targets:
        facts = {"unit": target.unit, "klass": target.klass, "block": target.block, "stair": target.stair}
        changed = {**facts, "group": group, "due_on": due_on}
        Assignment.objects.update_or_create(campaign=campaign, target=target, defaults=changed)
    note_change(after={"group": group.code if group else None, "targets": len(targets)})
    return len(targets)


@action("inspection.campaigns.withdraw_targets", title=_("Take targets off a campaign"), unit=unit_of, subject=about)
def withdraw_targets(*, campaign: Campaign, targets: Sequence[Target], by: User) -> int:
    """Take targets off a draft's list; returns how many were on it."""
    in_draft(campaign)
    count, _each = campaign.assignments.filter(target__in=targets).delete()
    note_change(before={"targets": count})
    return count
