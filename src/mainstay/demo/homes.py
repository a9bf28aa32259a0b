"""A year's household checks of the demonstration: tasks by block and stair, refusals, a serious hazard overdue."""

from __future__ import annotations

from datetime import date, timedelta

from mainstay.core.access.batch import system_user
from mainstay.core.organisation.models import Unit
from mainstay.demo.visits import at_hour, visit, who
from mainstay.gas.customers.models import Account, Premise
from mainstay.inspection.campaigns import actions
from mainstay.inspection.campaigns.models import Campaign, Target
from mainstay.inspection.checklists.models import ChecklistVersion
from mainstay.inspection.checklists.queries import definition_of
from mainstay.inspection.checklists.rules import ItemDef
from mainstay.inspection.hazards import actions as hazards
from mainstay.inspection.hazards.batch import propose_stops
from mainstay.inspection.hazards.models import Hazard
from mainstay.kit.dates import local_today

HOMES, VISITED = 40, 30
SPECIAL = {2: "nobody_home", 5: "refused", 11: "nobody_home"}  # visits that did not get in
FINDINGS = {
    4: {"HD1": "热水器为直排式，安装在无窗卫生间"},
    8: {"HB4": "胶管老化龟裂，长约 2.6 米"},
    13: {"HC1": "灶具无熄火保护装置"},
}


def load_homes(company: Unit) -> None:
    """Load this year's plan for a part of the customers, walk its first stairs; leave alone what is there."""
    today, by = local_today(), system_user()
    code = f"RH-{today.year}"
    if Campaign.objects.filter(code=code).exists() or not _targets(company):
        return
    versions = list(ChecklistVersion.objects.filter(checklist__code="household-gas", state="published"))
    campaign = actions.create_campaign(
        unit=company, code=code, kind="household", name_zh=f"{today.year} 年度入户安检",
        name_en=f"Household safety checks {today.year}", from_on=date(today.year, 1, 1),
        until_on=date(today.year, 12, 31), basis_title="年度入户安全检查计划",
        basis_number=f"海燃安〔{today.year}〕1号",
        versions=versions, min_inspectors=1, companion_needed=False, by=by,
    )  # fmt: skip
    leader = who("homes").person
    assert leader is not None  # noqa: S101 - made with the people
    for number, (name, inspector) in enumerate((("城东组", "home1"), ("城西组", "home2")), 1):
        group = actions.save_group(campaign=campaign, code=str(number), name=name, by=by)
        actions.save_member(group=group, person=leader, unit=company, leads=True, duty="复核", by=by)
        member = who(inspector).person
        assert member is not None  # noqa: S101 - made with the people
        actions.save_member(group=group, person=member, unit=company, duty="入户安检", by=by)
    actions.plan_targets(campaign=campaign, by=by)
    actions.activate_campaign(campaign=campaign, by=by)
    _walk(campaign, [item for one in versions for item in definition_of(one).items()], today)


def _targets(company: Unit) -> int:
    """Make homes of customers what can be inspected; returns how many."""
    rows = Account.objects.filter(state="active", category="residential").select_related(
        "customer", "premise__area", "unit"
    )
    homes = [
        Target(
            kind="household", klass="resident", code=f"H{one.account_no}", name=place(one.premise), unit=one.unit,
            address=one.premise.address, account_no=one.account_no, contact=one.customer.name,
            block=f"{one.premise.area}{one.premise.building}栋"[:60], stair=one.premise.entrance, room=one.premise.room,
        )
        for one in rows.order_by("account_no")[:HOMES]
    ]  # fmt: skip
    Target.objects.bulk_create(homes)
    return len(homes)


def place(premise: Premise) -> str:
    """A home by its place, never by who lives there: 阳光花园1栋2单元301."""
    entrance = f"{premise.entrance}单元" if premise.entrance else ""
    return f"{premise.area}{premise.building}栋{entrance}{premise.room}"


def _walk(campaign: Campaign, items: list[ItemDef], today: date) -> None:
    due = campaign.assignments.filter(due_on__lte=today).select_related("target", "group", "campaign")
    tasks = list(due.order_by("due_on", "pk"))
    for turn, task in enumerate(tasks[:VISITED]):
        on = max(campaign.from_on, today - timedelta(days=2 * (VISITED - turn) + 4))
        outcome = SPECIAL.get(turn, "done")
        why = "住户称家中无人方便，拒绝入户，已张贴告知单。" if outcome == "refused" else ""
        by = who("home1" if task.group and task.group.code == "1" else "home2")
        visit(task, by, at_hour(on, 9, turn), items, outcome=outcome, note=why, failing=FINDINGS.get(turn, {}))
    _notices(campaign, today)


def _notices(campaign: Campaign, today: date) -> None:
    """A notice for every home with hazards; the serious one is overdue by now."""
    for target in Target.objects.filter(hazards__campaign=campaign).distinct().order_by("code"):
        found = list(Hazard.objects.filter(campaign=campaign, target=target, state="found"))
        hazards.issue_notice(
            hazards=found, deadline_on=min(one.deadline_on for one in found), served="hand",
            received_by=target.contact, measures="请尽快更换或改装，期间停止使用该燃具。", by=who("homes"),
        )  # fmt: skip
    propose_stops(today)
