"""The setting of inspection tests: a small joint campaign, and bodies as phones send them."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from mainstay.core.access.batch import system_user
from mainstay.core.access.models import User
from mainstay.core.organisation.models import Unit
from mainstay.inspection.campaigns import actions
from mainstay.inspection.campaigns.models import Assignment, Campaign, InspectionGroup, Target
from mainstay.inspection.checklists.actions import import_checklist, publish_version
from mainstay.inspection.checklists.models import ChecklistVersion
from mainstay.inspection.checklists.rules import ChecklistDef, ItemDef, Option, SectionDef
from mainstay.kit.dates import local_today
from tests.core.make import grant, hold, make_person, make_post, make_role, make_unit, make_user

SMALL = ChecklistDef(
    "vault-small",
    "小库检查",
    "Small vault check",
    "pass_rate",
    (
        SectionDef(
            "K1",
            "锁具",
            "Locks",
            (
                ItemDef("K1.1", "转字锁完好", "Dial lock sound", severity="major", basis="GB 37481-2019", days=7),
                ItemDef("K1.2", "门牌照片", "Door plate", photo=True, basis="GB 37481-2019"),
            ),
        ),
        SectionDef(
            "K2",
            "监控",
            "Video",
            (
                ItemDef("K2.1", "录像天数", "Days kept", types=("number",), minimum_e3=30_000, unit="天"),
                ItemDef(
                    "K2.2",
                    "软管",
                    "Hose",
                    types=("choice",),
                    options=(Option("ok", "好", "ok"), Option("bad", "坏", "bad", True)),
                ),
            ),
        ),
    ),
)
PICTURE = b"\xff\xd8\xff\xe0" + b"a vault door" * 20
RECORD = "inspection.campaigns.record_inspection"
INSPECTOR = (
    RECORD,
    "inspection.campaigns.view_campaign",
    "inspection.campaigns.store_photo",
    "inspection.campaigns.confirm_inspection",
    "inspection.campaigns.lend_numbers",
)


@dataclass
class Joint:
    """A joint campaign of a bureau and a bank with one group of two and three vaults."""

    bureau: Unit
    bank: Unit
    county: Unit
    campaign: Campaign
    group: InspectionGroup
    leader: User
    member: User
    targets: list[Target]

    @property
    def assignments(self) -> list[Assignment]:
        """The frozen list, in order."""
        return list(self.campaign.assignments.order_by("target__code"))


def published(definition: ChecklistDef = SMALL) -> ChecklistVersion:
    """Return a checklist in force."""
    known = ChecklistVersion.objects.filter(checklist__code=definition.code, state="published").first()
    return known or publish_version(version=import_checklist(definition=definition, by=system_user()), by=system_user())


def person_in(unit: Unit, name: str, rights: dict[str, Any]) -> User:
    """Make somebody with a post in a unit and rights there."""
    person = make_person(name)
    hold(person, make_post(unit))
    user = make_user(person=person)
    grant(make_role(rights), unit, user=user)
    return user


def joint(*, active: bool = True, vaults: int = 3, unit: Unit | None = None) -> Joint:
    """Make the campaign; `active` puts it in force."""
    by, today = system_user(), local_today()
    bureau = unit or make_unit("市邮政局")
    bank, county = make_unit("邮储银行市分行"), make_unit("东山县局", parent=bureau)
    rights: dict[str, Any] = dict.fromkeys(INSPECTOR, ("all", None))
    leader, member = person_in(bureau, "组长甲", rights), person_in(bank, "组员乙", rights)
    campaign = actions.create_campaign(
        unit=bureau,
        code=f"C{uuid.uuid4().hex[:8]}",
        name_zh="业务库安全检查",
        from_on=today - timedelta(days=3),
        until_on=today + timedelta(days=3),
        basis_title="关于开展业务库安全检查的通知",
        basis_number="邮安〔2026〕18号",
        versions=[published()],
        by=by,
    )
    actions.set_organisers(campaign=campaign, units=[bureau, bank], by=by)
    group = actions.save_group(campaign=campaign, code="1", name="第一组", by=by)
    assert leader.person and member.person
    actions.save_member(group=group, person=leader.person, unit=bureau, leads=True, by=by)
    actions.save_member(group=group, person=member.person, unit=bank, by=by)
    targets = [
        Target.objects.create(
            code=f"{campaign.code}-{number}",
            name=f"金库{number}",
            unit=county,
            klass=("city", "county", "rural")[number % 3],
        )
        for number in range(vaults)
    ]
    actions.assign_targets(campaign=campaign, targets=targets, group=group, due_on=today, by=by)
    if active:
        actions.activate_campaign(campaign=campaign, by=by)
    return Joint(bureau, bank, county, campaign, group, leader, member, targets)


def sha(data: bytes) -> str:
    """Return the hash a phone sends."""
    return hashlib.sha256(data).hexdigest()


def body_for(assignment: Assignment, *, at: datetime | None = None, **changes: Any) -> dict[str, Any]:
    """Return a complete good record as it comes out of `read_record`; `answers` in changes are merged."""
    arrived = at or timezone.now() - timedelta(minutes=30)
    key = str(uuid.uuid4())
    answers = {
        "K1.1": {"result": "pass"},
        "K1.2": {"result": "pass"},
        "K2.1": {"number": "35"},
        "K2.2": {"choice": "ok"},
    }
    answers |= changes.pop("answers", {})
    body = {
        "id": key,
        "record": key,
        "assignment": assignment.pk,
        "base": assignment.revision,
        "outcome": "done",
        "arrived_at": arrived.isoformat(),
        "left_at": (arrived + timedelta(minutes=20)).isoformat(),
        "device": "phone-1",
        "position": None,
        "note": "",
        "answers": answers,
        "photos": [{"hash": sha(PICTURE), "item": "K1.2", "name": "plate.jpg"}],
        "signatures": [
            {"role": "inspector", "name": "组长甲"},
            {"role": "inspector", "name": "组员乙"},
            {"role": "companion", "name": "库主任丙"},
        ],
        "notices": [],
    }
    return {**body, **changes}


def failing(assignment: Assignment, code: str = "K1.1", **changes: Any) -> dict[str, Any]:
    """Return a record in which one item fails with a finding."""
    return body_for(assignment, answers={code: {"result": "fail", "note": "转字锁打不乱"}}, **changes)


def day(text: str) -> date:
    """Return a day."""
    return date.fromisoformat(text)
