"""What changes the list after it was frozen: exemptions a second person approves, and targets that join late."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.todos.actions import close_todos, open_todo
from mainstay.inspection.campaigns.actions.plan import about, unit_of
from mainstay.inspection.campaigns.models import Assignment, Campaign, InspectionGroup, Target
from mainstay.inspection.campaigns.states import ASSIGNMENT
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User

RUNNING = (Campaign.State.ACTIVE, Campaign.State.COLLECTING, Campaign.State.REVIEWING)


def _unit(assignment: Assignment, **_facts: Any) -> int:
    return assignment.campaign.unit_id


EXEMPT = "inspection.campaigns.exempt_assignment"


def propose_exemption(assignment: Assignment, reason: str) -> None:
    """Put an inspector's proposal before those who may ask for an exemption: they file it, a second person approves."""
    place = reverse("campaigns:exempt", args=[assignment.pk])
    open_todo(
        kind="exemption",
        subject=f"campaigns.assignment:{assignment.pk}",
        title_zh=f"建议免检：{assignment.target.name}（{reason}）",
        title_en=f"Exemption proposed: {assignment.target.name} ({reason})",
        url=f"{place}?{urlencode({'reason': reason[:200]})}",
        right=EXEMPT,
        unit_id=assignment.campaign.unit_id,
    )


@action(
    "inspection.campaigns.exempt_assignment",
    title=_("Exempt a target from a campaign"),
    unit=_unit,
    subject=lambda assignment, **_facts: f"campaigns.assignment:{assignment.pk}",
    four_eyes="always",
)
def exempt_assignment(*, assignment: Assignment, reason: str, by: User) -> Assignment:
    """Take a target out of what has to be inspected; a second person approves it. Problem for one that is inspected."""
    lock("assignment", assignment.pk)
    assignment.refresh_from_db()
    if not reason.strip():
        raise Problem(_("Say why this target need not be inspected."), field="reason", code="no_reason")
    _running(assignment.campaign)
    ASSIGNMENT.require(assignment.state, Assignment.State.EXEMPT)
    before = assignment.state
    assignment.state, assignment.exempt_reason, assignment.exempt_by = Assignment.State.EXEMPT, reason.strip()[:200], by
    assignment.save(update_fields=["state", "exempt_reason", "exempt_by"])
    close_todos(kind="exemption", subject=f"campaigns.assignment:{assignment.pk}", by=by)
    note_change(before={"state": before}, after={"state": "exempt"}, reason=reason)
    return assignment


@action("inspection.campaigns.add_late_target", title=_("Add a target to a frozen list"), unit=unit_of, subject=about)
def add_late_target(
    *, campaign: Campaign, target: Target, group: InspectionGroup, reason: str, due_on: date | None = None, by: User
) -> Assignment:
    """Add a target that was forgotten or is new; it is marked late and counts like any other. Raises Problem."""
    lock("campaign", campaign.pk)
    campaign.refresh_from_db()
    _running(campaign)
    if group.campaign_id != campaign.pk:
        raise Problem(_("This group belongs to another campaign."), field="group", code="other_campaign")
    if campaign.assignments.filter(target=target).exists():
        raise Problem(_("This target is on the list already."), field="target", code="taken")
    made = Assignment.objects.create(
        campaign=campaign, target=target, group=group, unit=target.unit, klass=target.klass, block=target.block,
        stair=target.stair, due_on=due_on or campaign.until_on, late=True,
    )  # fmt: skip
    note_change(after={"target": target.code, "late": True}, reason=reason)
    return made


def _running(campaign: Campaign) -> None:
    if campaign.state not in RUNNING:
        raise Problem(_("This campaign is not in force."), code="not_running")
