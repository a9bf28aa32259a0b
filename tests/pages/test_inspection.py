"""Pages of checklists and campaigns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mainstay.core.access.batch import system_user
from mainstay.core.organisation.models import Unit
from mainstay.inspection.campaigns.actions import record_inspection
from mainstay.inspection.campaigns.models import InspectionGroup
from mainstay.inspection.checklists import actions, queries
from mainstay.inspection.checklists.models import ChecklistVersion
from mainstay.kit.dates import local_today
from tests.inspection.bulletins.make import bulletin, editor, reviewed
from tests.inspection.hazards.make import found_in, noticed, reported
from tests.inspection.make import SMALL, failing, joint, published
from tests.inspection.patrols.make import patrol as planned
from tests.pages.battery import Page, Rows, battery

CHECKLISTS = "inspection.checklists."


def checklist(_unit: Unit) -> dict[str, Any]:
    return {"pk": published().checklist_id}


def version(_unit: Unit) -> dict[str, Any]:
    return {"pk": published().pk}


def draft(_unit: Unit) -> dict[str, Any]:
    known = ChecklistVersion.objects.filter(checklist__code=SMALL.code, state="draft").first()
    return {"pk": (known or actions.draft_version(checklist=published().checklist, by=system_user())).pk}


def item(unit: Unit) -> dict[str, Any]:
    key = draft(unit)["pk"]
    found = ChecklistVersion.objects.get(pk=key).items.first()
    assert found
    return {"pk": key, "item": found.pk}


def section(unit: Unit) -> dict[str, Any]:
    key = draft(unit)["pk"]
    found = ChecklistVersion.objects.get(pk=key).sections.first()
    assert found
    return {"pk": key, "section": found.pk}


TestChecklists = battery(
    Page("checklists:checklist_list", queries.VIEW, Rows(checklist), by_unit=False),
    Page("checklists:checklist_create", CHECKLISTS + "create_checklist", by_unit=False),
    Page("checklists:checklist_import", CHECKLISTS + "import_checklist", by_unit=False),
    Page("checklists:checklist_detail", queries.VIEW, checklist, by_unit=False),
    Page("checklists:version_draft", CHECKLISTS + "draft_version", checklist, by_unit=False),
    Page("checklists:version_import", CHECKLISTS + "import_checklist", checklist, by_unit=False),
    Page("checklists:version_detail", queries.VIEW, version, by_unit=False),
    Page("checklists:version_change", CHECKLISTS + "edit_version", draft, by_unit=False),
    Page("checklists:version_publish", CHECKLISTS + "publish_version", draft, by_unit=False),
    Page("checklists:version_withdraw", CHECKLISTS + "withdraw_version", version, by_unit=False),
    Page("checklists:section_create", CHECKLISTS + "save_section", draft, by_unit=False),
    Page("checklists:section_change", CHECKLISTS + "save_section", section, by_unit=False),
    Page("checklists:item_create", CHECKLISTS + "save_item", draft, by_unit=False),
    Page("checklists:item_change", CHECKLISTS + "save_item", item, by_unit=False),
    Page("checklists:item_drop", CHECKLISTS + "drop_item", item, by_unit=False),
)


CAMPAIGNS, HAZARDS = "inspection.campaigns.", "inspection.hazards."
SEE, SEE_HAZARD = CAMPAIGNS + "view_campaign", HAZARDS + "view_hazard"


def campaign(unit: Unit) -> dict[str, Any]:
    return {"pk": joint(unit=unit).campaign.pk}


def plan(unit: Unit) -> dict[str, Any]:
    return {"pk": joint(unit=unit, active=False).campaign.pk}


def group(unit: Unit) -> dict[str, Any]:
    one = joint(unit=unit, active=False)
    return {"pk": one.campaign.pk, "group": one.group.pk}


def member(unit: Unit) -> dict[str, Any]:
    found = InspectionGroup.objects.get(pk=group(unit)["group"])
    return {"pk": found.campaign_id, "group": found.pk, "member": found.members.latest("pk").pk}


def assignment(unit: Unit) -> dict[str, Any]:
    return {"pk": joint(unit=unit).assignments[0].pk}


def record(unit: Unit) -> dict[str, Any]:
    one = joint(unit=unit)
    return {"pk": record_inspection(assignment=one.assignments[0], body=failing(one.assignments[0]), by=one.member).pk}


def target(unit: Unit) -> dict[str, Any]:
    return {"pk": joint(unit=unit).targets[0].pk}


def found(unit: Unit) -> dict[str, Any]:
    return {"pk": found_in(joint(unit=unit)).pk}


def with_notice(unit: Unit) -> dict[str, Any]:
    return {"pk": noticed(joint(unit=unit)).pk}


def rechecked(unit: Unit) -> dict[str, Any]:
    return {"pk": reported(joint(unit=unit)).pk}


def notice(unit: Unit) -> dict[str, Any]:
    hazard = noticed(joint(unit=unit))
    return {"pk": hazard.notices.get().pk}


TestCampaigns = battery(
    Page("campaigns:campaign_list", SEE, Rows(campaign)),
    Page("campaigns:campaign_detail", SEE, campaign),
    Page("campaigns:campaign_create", CAMPAIGNS + "create_campaign", by_unit=False),
    Page("campaigns:campaign_change", CAMPAIGNS + "change_campaign", plan),
    Page("campaigns:organisers", CAMPAIGNS + "set_organisers", plan, pins=False),
    Page("campaigns:activate", CAMPAIGNS + "activate_campaign", plan),
    Page("campaigns:review", CAMPAIGNS + "review_campaign", campaign),
    Page("campaigns:reopen", CAMPAIGNS + "reopen_campaign", campaign),
    Page("campaigns:close", CAMPAIGNS + "close_campaign", campaign),
    Page("campaigns:group_save", CAMPAIGNS + "save_group", plan),
    Page("campaigns:member_save", CAMPAIGNS + "save_member", group, pins=False),
    Page("campaigns:member_drop", CAMPAIGNS + "drop_member", member),
    Page("campaigns:assign", CAMPAIGNS + "assign_targets", plan, pins=False),
    Page("campaigns:plan_targets", CAMPAIGNS + "plan_targets", plan),
    Page("campaigns:late", CAMPAIGNS + "add_late_target", campaign),
    Page("campaigns:assignment_list", SEE, campaign),
    Page("campaigns:board", SEE, campaign),
    Page("campaigns:assignment_detail", SEE, assignment),
    Page("campaigns:exempt", CAMPAIGNS + "exempt_assignment", assignment),
    Page("campaigns:record_list", SEE, Rows(record)),
    Page("campaigns:inspection_detail", SEE, record),
    Page("campaigns:confirm", CAMPAIGNS + "confirm_inspection", record),
    Page("campaigns:target_list", SEE, Rows(target)),
    Page("campaigns:target_detail", SEE, target),
    Page("campaigns:target_create", CAMPAIGNS + "save_target", by_unit=False),
    Page("campaigns:target_change", CAMPAIGNS + "save_target", target, pins=False),
)
TestHazards = battery(
    Page("hazards:hazard_list", SEE_HAZARD, Rows(found)),
    Page("hazards:mine", HAZARDS + "report_rectification", Rows(with_notice)),
    Page("hazards:hazard_detail", SEE_HAZARD, rechecked),
    Page("hazards:plan", HAZARDS + "plan_rectification", with_notice),
    Page("hazards:report", HAZARDS + "report_rectification", with_notice),
    Page("hazards:extend", HAZARDS + "extend_deadline", with_notice),
    Page("hazards:level", HAZARDS + "change_level", with_notice),
    Page("hazards:recheck", HAZARDS + "recheck_hazard", rechecked),
    Page("hazards:close", HAZARDS + "close_hazard", rechecked),
    Page("hazards:notice_issue", HAZARDS + "issue_notice", found),
    Page("hazards:clock_list", HAZARDS + "save_clock", by_unit=False),
    Page("hazards:clock_save", HAZARDS + "save_clock", by_unit=False),
    Page("hazards:notice_list", SEE_HAZARD, Rows(notice)),
    Page("hazards:notice_detail", SEE_HAZARD, notice),
    Page("hazards:serve", HAZARDS + "serve_notice", notice),
    Page("hazards:notice_void", HAZARDS + "void_notice", notice),
)


BULLETINS = "inspection.bulletins."
SEE_PAPER = BULLETINS + "view_paper"


def paper(unit: Unit) -> dict[str, Any]:
    one = reviewed(unit=unit)
    return {"pk": bulletin(one, editor(one)).pk}


def under_review(unit: Unit) -> dict[str, Any]:
    return {"pk": reviewed(unit=unit).campaign.pk}


TestBulletins = battery(
    Page("bulletins:paper_list", SEE_PAPER, Rows(paper)),
    Page("bulletins:statistics", BULLETINS + "view_statistics", Rows(under_review), pins=False),
    Page("bulletins:paper_detail", SEE_PAPER, paper),
    Page("bulletins:paper_edit", BULLETINS + "edit_paper", paper),
    Page("bulletins:submit", BULLETINS + "submit_paper", paper),
    Page("bulletins:seal", BULLETINS + "seal_paper", paper),
    Page("bulletins:issue", BULLETINS + "issue_paper", paper),
)


def patrol(unit: Unit) -> dict[str, Any]:
    one, _leader, _walker = planned(unit, from_on=local_today() - timedelta(days=1))
    return {"pk": one.pk}


PATROLS = "inspection.patrols."

TestPatrols = battery(
    Page("patrols:patrol_list", PATROLS + "view_patrol", Rows(patrol)),
    Page("patrols:patrol_detail", PATROLS + "view_patrol", patrol),
    Page("patrols:patrol_create", PATROLS + "save_patrol", by_unit=False, pins=False),
    Page("patrols:patrol_change", PATROLS + "save_patrol", patrol, pins=False),
    Page("patrols:pause", PATROLS + "pause_patrol", patrol),
    Page("patrols:resume", PATROLS + "pause_patrol", patrol),
)
