"""A campaign's own life: made, changed, put in force, reviewed, closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.inspection.campaigns.models import Assignment, Campaign, Inspection, Organiser
from mainstay.inspection.campaigns.states import CAMPAIGN
from mainstay.inspection.checklists.models import ChecklistItem, ChecklistVersion
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit


def unit_of(campaign: Campaign, **_facts: Any) -> int:
    """The unit an act on a campaign touches: its lead organiser."""
    return campaign.unit_id


def about(campaign: Campaign, **_facts: Any) -> str:
    """The text under which an act on a campaign is found."""
    return f"campaigns.campaign:{campaign.pk}"


def in_draft(campaign: Campaign) -> Campaign:
    """Lock a campaign and make sure it is still a draft; Problem otherwise."""
    lock("campaign", campaign.pk)
    campaign.refresh_from_db()
    if campaign.state != Campaign.State.DRAFT:
        text = _("This campaign is in force: its plan and its list of targets are frozen.")
        raise Problem(text, code="frozen")
    return campaign


@action("inspection.campaigns.create_campaign", title=_("Plan a campaign"), unit=lambda unit, **_facts: unit.pk)
def create_campaign(
    *,
    unit: Unit,
    code: str,
    name_zh: str,
    from_on: date,
    until_on: date,
    kind: str = "vault",
    name_en: str = "",
    basis_title: str = "",
    basis_number: str = "",
    versions: Sequence[ChecklistVersion] = (),
    min_inspectors: int = 2,
    companion_needed: bool = True,
    by: User,
) -> Campaign:
    """Make a draft of which `unit` is the lead organiser. Raises Problem: code taken, window turned round."""
    if Campaign.objects.filter(code=code.strip()).exists():
        raise Problem(_("There is a campaign with this code already."), field="code", code="taken")
    _check_window(from_on, until_on)
    made = Campaign.objects.create(
        unit=unit, code=code.strip(), kind=kind, name_zh=name_zh.strip(), name_en=name_en.strip(), from_on=from_on,
        until_on=until_on, basis_title=basis_title.strip(), basis_number=basis_number.strip(),
        min_inspectors=min_inspectors, companion_needed=companion_needed,
    )  # fmt: skip
    made.versions.set(versions)
    Organiser.objects.create(campaign=made, unit=unit, order=1)
    note_change(after={"code": made.code, "from": f"{from_on}", "until": f"{until_on}"})
    return made


@action("inspection.campaigns.change_campaign", title=_("Change a campaign's plan"), unit=unit_of, subject=about)
def change_campaign(
    *,
    campaign: Campaign,
    name_zh: str,
    from_on: date,
    until_on: date,
    name_en: str = "",
    basis_title: str = "",
    basis_number: str = "",
    versions: Sequence[ChecklistVersion] = (),
    min_inspectors: int = 2,
    companion_needed: bool = True,
    by: User,
) -> Campaign:
    """Change the plan of a draft. Raises Problem once it is in force."""
    in_draft(campaign)
    _check_window(from_on, until_on)
    before = {"from": f"{campaign.from_on}", "until": f"{campaign.until_on}", "basis": campaign.basis_number}
    campaign.name_zh, campaign.name_en = name_zh.strip(), name_en.strip()
    campaign.from_on, campaign.until_on = from_on, until_on
    campaign.basis_title, campaign.basis_number = basis_title.strip(), basis_number.strip()
    campaign.min_inspectors, campaign.companion_needed = min_inspectors, companion_needed
    campaign.save()
    campaign.versions.set(versions)
    note_change(before=before, after={"from": f"{from_on}", "until": f"{until_on}", "basis": campaign.basis_number})
    return campaign


@action("inspection.campaigns.set_organisers", title=_("Say who organises a campaign"), unit=unit_of, subject=about)
def set_organisers(*, campaign: Campaign, units: Sequence[Unit], by: User) -> list[Organiser]:
    """Name the organisations that act jointly, the lead first. Raises Problem when the lead is not among them."""
    in_draft(campaign)
    if campaign.unit_id not in {unit.pk for unit in units}:
        raise Problem(_("The lead organiser has to be one of them."), field="units", code="no_lead")
    campaign.organisers.exclude(unit__in=units).delete()
    for order, unit in enumerate(units, 1):
        Organiser.objects.update_or_create(campaign=campaign, unit=unit, defaults={"order": order})
    note_change(after={"organisers": [unit.code for unit in units]})
    return list(campaign.organisers.select_related("unit"))


@action("inspection.campaigns.activate_campaign", title=_("Put a campaign in force"), unit=unit_of, subject=about)
def activate_campaign(*, campaign: Campaign, by: User) -> Campaign:
    """Freeze the list of targets and let the groups begin.

    Raises Problem: no targets, targets without a group, a group without a leader, no checklist, one that is a draft,
    two checklists with the same item code.
    """
    in_draft(campaign)
    CAMPAIGN.require(campaign.state, Campaign.State.ACTIVE)
    _check_plan(campaign)
    campaign.assignments.filter(due_on=None).update(due_on=campaign.until_on)
    campaign.state, campaign.activated_at = Campaign.State.ACTIVE, timezone.now()
    campaign.save(update_fields=["state", "activated_at"])
    note_change(before={"state": "draft"}, after={"state": "active", "targets": campaign.assignments.count()})
    return campaign


@action(
    "inspection.campaigns.review_campaign", title=_("End the inspecting of a campaign"), unit=unit_of, subject=about
)
def review_campaign(*, campaign: Campaign, by: User) -> Campaign:
    """End the collecting: confirmed records are locked; what the leaders have not confirmed stands in the way."""
    lock("campaign", campaign.pk)
    campaign.refresh_from_db()
    CAMPAIGN.require(campaign.state, Campaign.State.REVIEWING)
    current = Inspection.objects.filter(assignment__campaign=campaign, current=True)
    waiting = current.filter(state=Inspection.State.SUBMITTED)
    names = list(waiting.values_list("assignment__target__name", flat=True)[:5])
    if names:
        text = _("Records wait for their leader's confirmation: %(names)s") % {"names": "、".join(names)}
        raise Problem(text, code="not_confirmed")
    locked = current.filter(state=Inspection.State.CONFIRMED).update(state=Inspection.State.LOCKED)
    campaign.state = Campaign.State.REVIEWING
    campaign.save(update_fields=["state"])
    note_change(before={"state": "collecting"}, after={"state": "reviewing", "locked": locked})
    return campaign


@action("inspection.campaigns.reopen_campaign", title=_("Go on inspecting in a campaign"), unit=unit_of, subject=about)
def reopen_campaign(*, campaign: Campaign, reason: str, by: User) -> Campaign:
    """Back from the review to inspecting, where targets are still open; records stay locked."""
    lock("campaign", campaign.pk)
    campaign.refresh_from_db()
    CAMPAIGN.require(campaign.state, Campaign.State.COLLECTING)
    campaign.state = Campaign.State.COLLECTING
    campaign.save(update_fields=["state"])
    note_change(before={"state": "reviewing"}, after={"state": "collecting"}, reason=reason)
    return campaign


@action("inspection.campaigns.close_campaign", title=_("Close a campaign"), unit=unit_of, subject=about)
def close_campaign(*, campaign: Campaign, by: User) -> Campaign:
    """End a campaign. A vault campaign is closed after its bulletin; others when inspecting is over."""
    lock("campaign", campaign.pk)
    campaign.refresh_from_db()
    CAMPAIGN.require(campaign.state, Campaign.State.CLOSED)
    if campaign.kind == "vault" and campaign.state != Campaign.State.ISSUED:
        raise Problem(_("Issue the bulletin first; then the campaign can be closed."), code="no_bulletin")
    before = campaign.state
    campaign.state, campaign.closed_at = Campaign.State.CLOSED, timezone.now()
    campaign.save(update_fields=["state", "closed_at"])
    note_change(before={"state": before}, after={"state": "closed"})
    return campaign


def _check_window(from_on: date, until_on: date) -> None:
    if until_on < from_on:
        raise Problem(_("The last day is before the first."), field="until_on", code="window")


def _check_plan(campaign: Campaign) -> None:
    versions = list(campaign.versions.select_related("checklist"))
    if not versions:
        raise Problem(_("Choose at least one checklist."), code="no_checklist")
    drafts = [str(one) for one in versions if one.state == ChecklistVersion.State.DRAFT]
    if drafts:
        raise Problem(
            _("Publish the checklist first: %(names)s") % {"names": "、".join(drafts)}, code="draft_checklist"
        )
    codes = list(ChecklistItem.objects.filter(version__in=versions).values_list("code", flat=True))
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        text = _("Two of the checklists use the same codes: %(codes)s") % {"codes": ", ".join(twice[:5])}
        raise Problem(text, code="codes_twice")
    _check_groups(campaign)


def _check_groups(campaign: Campaign) -> None:
    if not campaign.assignments.exists():
        raise Problem(_("The list of targets is empty."), code="no_targets")
    without = campaign.assignments.filter(group=None).values_list("target__name", flat=True)[:5]
    if without:
        text = _("These targets have no group: %(names)s") % {"names": "、".join(without)}
        raise Problem(text, code="no_group")
    used = Assignment.objects.filter(campaign=campaign).values("group")
    leaderless = campaign.groups.filter(pk__in=used).exclude(members__leads=True).values_list("name", flat=True)[:5]
    if leaderless:
        text = _("These groups have no leader: %(names)s") % {"names": "、".join(leaderless)}
        raise Problem(text, code="no_leader")
