"""Campaigns: a plan, its frozen list, exemptions by a second person, late targets, coverage, the yearly plan."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from mainstay.core.access.batch import system_user
from mainstay.core.door import ApprovalFiled, Refused
from mainstay.core.workflow.actions import approve
from mainstay.core.workflow.models import Approval
from mainstay.inspection.campaigns import actions, batch, queries
from mainstay.inspection.campaigns.models import Assignment, Campaign, GroupMember, InspectionGroup, Target
from mainstay.inspection.campaigns.rules import Covered, by_class, coverage
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from tests.core.make import make_person, make_unit, make_user
from tests.inspection.make import body_for, joint, person_in, published

pytestmark = pytest.mark.django_db
EXEMPT = "inspection.campaigns.exempt_assignment"


def test_the_list_is_frozen_at_activation() -> None:
    one = joint()
    by = system_user()
    assert one.campaign.state == "active"
    with pytest.raises(Problem) as caught:
        actions.assign_targets(campaign=one.campaign, targets=one.targets, group=one.group, by=by)
    assert caught.value.code == "frozen"
    first = one.assignments[0]
    for change in ({"klass": "rural"}, {"target": one.targets[1]}, {"late": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Assignment.objects.filter(pk=first.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=first.pk).delete()
    spare = Target.objects.create(code="spare", name="新库", unit=one.county)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(campaign=one.campaign, target=spare, unit=one.county, klass="city")
    late = actions.add_late_target(campaign=one.campaign, target=spare, group=one.group, reason="漏报", by=by)
    assert late.late and queries.coverage_of(one.campaign.assignments).late == 1


@pytest.mark.parametrize(
    ("what", "code"),
    [("targets", "no_targets"), ("group", "no_group"), ("leader", "no_leader"), ("list", "no_checklist")],
)
def test_an_unfinished_plan_is_not_put_in_force(what: str, code: str) -> None:
    one = joint(active=False)
    if what == "targets":
        actions.withdraw_targets(campaign=one.campaign, targets=one.targets, by=system_user())
    elif what == "group":
        actions.assign_targets(campaign=one.campaign, targets=one.targets[:1], group=None, by=system_user())
    elif what == "leader":
        GroupMember.objects.filter(group=one.group).update(leads=False)
    else:
        one.campaign.versions.clear()
    with pytest.raises(Problem) as caught:
        actions.activate_campaign(campaign=one.campaign, by=system_user())
    assert caught.value.code == code


def test_an_exemption_needs_a_second_person() -> None:
    one = joint()
    asking = person_in(one.bureau, "甲", {EXEMPT: ("subtree", None)})
    other = person_in(one.bureau, "乙", {EXEMPT: ("subtree", None)})
    with pytest.raises(ApprovalFiled):
        actions.exempt_assignment(assignment=one.assignments[0], reason="库房停用", by=asking)
    approval = Approval.objects.get(action=EXEMPT)
    assert one.assignments[0].state == "open"
    with pytest.raises(Refused):
        approve(approval=approval, by=asking)
    approve(approval=approval, by=other)
    assert one.assignments[0].state == "exempt"
    assert queries.coverage_of(one.campaign.assignments).due == 2


def test_an_inspected_target_is_not_exempt_any_more() -> None:
    one = joint()
    actions.record_inspection(assignment=one.assignments[0], body=body_for(one.assignments[0]), by=one.leader)
    with pytest.raises(Problem):
        actions.exempt_assignment.__wrapped__(assignment=one.assignments[0], reason="停用", by=one.leader)


def test_coverage_by_sql_is_that_of_the_rules() -> None:
    one = joint(vaults=8)
    rows = one.assignments
    for assignment, outcome in zip(rows, ("done", "done", "partial", "refused", "nobody_home"), strict=False):
        actions.record_inspection(assignment=assignment, body=body_for(assignment, outcome=outcome), by=one.member)
    actions.exempt_assignment.__wrapped__  # noqa: B018 - the door stands before it
    Assignment.objects.filter(pk=rows[6].pk).update(state="exempt", exempt_reason="停用")
    known = [
        Covered(a.pk, a.klass, a.state, a.due_on, a.inspected_on, a.reached_on is not None, a.late)
        for a in one.assignments
    ]
    assert queries.coverage_of(one.campaign.assignments) == coverage(known)
    by_sql = {key[0]: found for key, found in queries.coverage_by(one.campaign.assignments, "klass").items()}
    assert by_sql == by_class(known)
    assert {a.pk for a in queries.open_ones(one.campaign)} == {
        a.pk for a in one.assignments if a.state not in ("done", "exempt")
    }
    one.campaign.refresh_from_db()
    assert one.campaign.state == "collecting"
    today = queries.days_of(one.campaign, local_today())[-1]
    assert (today.planned, today.inspected) == (7, 2)


def test_a_joint_campaign_is_seen_by_both_organisers_and_its_groups() -> None:
    one = joint()
    view = {queries.VIEW: ("subtree", None)}
    seen = lambda user: Campaign.objects.visible_to(user).filter(pk=one.campaign.pk).exists()  # noqa: E731
    assert seen(person_in(one.bureau, "甲", view))
    assert seen(person_in(one.bank, "乙", view))
    assert not seen(person_in(make_unit("别处"), "丙", view))
    outsider = person_in(make_unit("外单位"), "丁", view)
    assert outsider.person
    actions.save_member(group=one.group, person=outsider.person, unit=one.bank, by=system_user())
    assert seen(outsider)


def test_the_review_waits_for_the_leaders() -> None:
    one = joint()
    record = actions.record_inspection(
        assignment=one.assignments[0],
        body=body_for(one.assignments[0], photos=[], answers={"K1.2": {"result": "na"}}),
        by=one.member,
    )
    with pytest.raises(Problem) as caught:
        actions.review_campaign(campaign=one.campaign, by=system_user())
    assert caught.value.code == "not_confirmed"
    with pytest.raises(Refused):
        actions.confirm_inspection(inspection=record, by=one.member)
    actions.confirm_inspection(inspection=record, by=one.leader)
    actions.review_campaign(campaign=one.campaign, by=system_user())
    record.refresh_from_db()
    assert record.state == "locked"
    with pytest.raises(Problem) as locked:
        actions.record_inspection(assignment=one.assignments[1], body=body_for(one.assignments[1]), by=one.leader)
    assert locked.value.code == "locked"
    actions.reopen_campaign(campaign=one.campaign, reason="尚有未查", by=system_user())
    actions.record_inspection(assignment=one.assignments[1], body=body_for(one.assignments[1]), by=one.leader)


def _household(stairs: int = 6, homes: int = 4) -> Campaign:
    unit = make_unit("燃气公司")
    below = make_unit("城东所", parent=unit)
    today = local_today()
    campaign = actions.create_campaign(
        unit=unit,
        code=f"H{unit.pk}",
        name_zh="年度入户安检",
        kind="household",
        from_on=today,
        until_on=today + timedelta(days=5),
        versions=[published()],
        min_inspectors=1,
        by=system_user(),
    )
    for number in range(2):
        group = InspectionGroup.objects.create(campaign=campaign, code=f"{number}", name=f"{number}组")
        GroupMember.objects.create(group=group, person=make_person(), unit=unit, leads=True)
    Target.objects.bulk_create(
        Target(
            kind="household",
            code=f"{unit.pk}-{stair:02d}-{home}",
            name="住户",
            unit=below,
            klass="resident" if home else "business",
            block=f"海棠里{stair // 3}栋",
            stair=f"{stair % 3}单元",
            room=f"{home}01",
        )
        for stair in range(stairs)
        for home in range(homes)
    )
    return campaign


def test_a_yearly_plan_is_made_by_set() -> None:
    campaign = _household()
    assert actions.plan_targets(campaign=campaign, by=system_user()) == 24
    assert actions.plan_targets(campaign=campaign, by=system_user()) == 0
    stairs = queries.blocks_of(campaign)
    days = {(row["block"], row["stair"]): row["due"] for row in stairs}
    assert len(days) == 6 and sorted(days.values()) == [campaign.from_on + timedelta(days=n) for n in range(6)]
    rows = campaign.assignments.all()
    assert all(row.due_on == days[row.block, row.stair] for row in rows)
    shares = [rows.filter(group=group).count() for group in campaign.groups.all()]
    assert shares == [12, 12]
    whole = {row.group_id for row in rows.filter(block="海棠里0栋")}
    assert len(whole) == 1  # a group gets neighbouring stairs
    actions.activate_campaign(campaign=campaign, by=system_user())


def test_a_yearly_plan_by_class() -> None:
    campaign = _household()
    assert batch.plan_assignments(campaign, ["business"]) == 6
    assert {row.klass for row in campaign.assignments.all()} == {"business"}


def test_only_who_may_plans() -> None:
    one = joint(active=False)
    with pytest.raises(Refused):
        actions.activate_campaign(campaign=one.campaign, by=make_user(rights={"core.nothing": ("all", None)}))
