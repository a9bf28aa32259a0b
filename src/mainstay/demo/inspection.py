"""The joint inspection of all cash vaults, and a year's household checks. Every step leaves alone what is there."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from mainstay.core.access.actions.roles import grant_role
from mainstay.core.access.batch import system_user
from mainstay.core.access.models import Role, User
from mainstay.core.organisation.actions import assign_post, create_person, create_post, create_unit
from mainstay.core.organisation.models import Unit
from mainstay.demo.company import FOLDER, FOUNDED, add_log_in, organisation
from mainstay.demo.homes import load_homes
from mainstay.demo.rooms import load_patrols
from mainstay.demo.visits import answer, picture, who
from mainstay.inspection.bulletins import actions as bulletins
from mainstay.inspection.campaigns import actions
from mainstay.inspection.campaigns.models import Assignment, Campaign, Target
from mainstay.inspection.checklists.actions import install_library
from mainstay.inspection.checklists.models import Checklist, ChecklistVersion
from mainstay.inspection.checklists.queries import definition_of
from mainstay.inspection.checklists.rules import ItemDef
from mainstay.inspection.hazards import actions as hazards
from mainstay.inspection.hazards.batch import install_schedule
from mainstay.inspection.hazards.models import Hazard
from mainstay.inspection.patrols.batch import install_schedule as install_rounds
from mainstay.inspection.roles import install_inspection_roles
from mainstay.kit.dates import local_today
from mainstay.kit.yamls import load_yaml

FILE = Path(FOLDER) / "inspection.yaml"
VAULT = ("vault-security", "vault-business")


@cache
def facts() -> dict[str, Any]:
    """What inspection.yaml says."""
    loaded: dict[str, Any] = load_yaml(FILE)
    return loaded


def load_inspections() -> tuple[int, int]:
    """Load organisations, people, two campaigns; returns how many targets were inspected and hazards found in all."""
    by = system_user()
    install_inspection_roles(by=by)
    if not Checklist.objects.exists():
        install_library(by=by)
        hazards.install_clocks(by=by)
    install_schedule()
    install_rounds()
    units = _units(by)
    _people(units, by)
    for number, one in enumerate(facts()["campaigns"]):
        if not Campaign.objects.filter(code=one["code"]).exists():
            _campaign(one, number, units, by)
    load_homes(units["HT"])
    load_patrols(units["HT-XX"])
    return Assignment.objects.filter(state="done").count(), Hazard.objects.count()


def _units(by: User) -> dict[str, Unit]:
    units = {unit.code: unit for unit in Unit.objects.all()}
    for code, parent, zh, en, kind, klass, vault in facts()["units"]:
        if code not in units and not parent:
            units[code] = organisation(code, zh, en, kind)
        elif code not in units:
            units[code] = create_unit(code=code, name_zh=zh, name_en=en, parent=units.get(parent), kind=kind, by=by)
        if vault and not Target.objects.filter(code=f"K{code[3:]}").exists():
            actions.save_target(
                unit=units[code], code=f"K{code[3:]}", name=vault, klass=klass, address=f"海川市{zh}院内", by=by
            )
    return units


def _people(units: dict[str, Unit], by: User) -> None:
    known = set(User.objects.values_list("username", flat=True))
    for number, (username, name, unit, post_zh, roles, reach) in enumerate(facts()["people"], 1):
        if username in known:
            continue
        person = create_person(
            staff_no=f"YZ{number:04d}", name=name, phone=f"138000{number:05d}", joined_on=FOUNDED, by=by
        )
        post = create_post(code=f"P-YZ{number:02d}", name_zh=post_zh, name_en="", unit=units[unit], by=by)
        assign_post(person=person, post=post, from_on=FOUNDED, by=by)
        add_log_in(username, person)
        for code in roles:
            grant_role(role=Role.objects.get(code=code), post=post, unit=units[reach], from_on=FOUNDED, by=by)


def _campaign(one: dict[str, Any], number: int, units: dict[str, Unit], by: User) -> None:
    month, first, last = one["window"]
    today = local_today()
    year = today.year if date(today.year, 9, 25) < today else today.year - 1
    versions = list(ChecklistVersion.objects.filter(checklist__code__in=VAULT, state="published"))
    campaign = actions.create_campaign(
        unit=units["YZ"],
        code=one["code"],
        name_zh=one["name"],
        name_en=one["name_en"],
        from_on=date(year, month, first),
        until_on=date(year, month, last),
        basis_title=one["basis"][0],
        basis_number=one["basis"][1].format(year=year),
        versions=versions,
        by=by,
    )
    actions.set_organisers(campaign=campaign, units=[units["YZ"], units["YH"]], by=by)
    _groups(campaign, units, by)
    actions.activate_campaign(campaign=campaign, by=by)
    items = [item for version in versions for item in definition_of(version).items()]
    for assignment in campaign.assignments.select_related("target", "group").order_by("due_on", "target__code"):
        _inspect(assignment, items, one["failing"].get(int(assignment.target.code[1:]), {}))
    _notices(campaign)
    _finish(campaign, one["finished"])


def _groups(campaign: Campaign, units: dict[str, Unit], by: User) -> None:
    for code, name, area, leader, members, places in facts()["groups"]:
        group = actions.save_group(campaign=campaign, code=code, name=name, area=area, by=by)
        for username, duty in [(leader, "组长，全面负责"), *members]:
            person = who(username).person
            assert person is not None  # noqa: S101 - made above
            unit = person.holdings.select_related("post__unit").get().post.unit
            leads = username == leader
            actions.save_member(group=group, person=person, unit=unit, leads=leads, duty=duty, by=by)
        for turn, place in enumerate(places):
            target = Target.objects.get(code=f"K{place:02d}")
            due = campaign.from_on + timedelta(days=min(turn, (campaign.until_on - campaign.from_on).days))
            actions.assign_targets(campaign=campaign, targets=[target], group=group, due_on=due, by=by)


def _inspect(assignment: Assignment, items: list[ItemDef], failing: dict[str, str]) -> None:
    """Record a visit as a phone would send it, send its photos, let the leader confirm it."""
    members = list(assignment.group.members.select_related("person__user"))  # type: ignore[union-attr]
    leader, other = next(m for m in members if m.leads), next(m for m in members if not m.leads)
    on = assignment.due_on or local_today()
    arrived = timezone.make_aware(datetime.combine(on, time(9, 30)))
    key = str(uuid5(NAMESPACE_URL, f"demo/{assignment.pk}"))
    pictures = {item.code: picture(f"{assignment.target.code}{item.code}") for item in items if item.photo}
    body = {
        "id": key,
        "record": key,
        "assignment": assignment.pk,
        "base": 0,
        "outcome": "done",
        "device": "demo",
        "arrived_at": arrived.isoformat(),
        "left_at": (arrived + timedelta(minutes=95)).isoformat(),
        "position": None,
        "note": "存在问题须按通知书要求限期整改。" if failing else "管理规范，未发现隐患。",
        "answers": {item.code: answer(item, failing.get(item.code), on) for item in items},
        "photos": [
            {"hash": hashlib.sha256(data).hexdigest(), "item": code, "name": f"{code}.png"}
            for code, data in pictures.items()
        ],
        "signatures": [
            {"role": "inspector", "name": leader.person.name},
            {"role": "inspector", "name": other.person.name},
            {"role": "companion", "name": "库主任"},
        ],
        "notices": [],
    }
    record = actions.record_inspection(assignment=assignment, body=body, by=other.person.user)
    for data in pictures.values():
        actions.store_photo(
            inspection=record, digest=hashlib.sha256(data).hexdigest(), file=BytesIO(data), by=other.person.user
        )
    actions.confirm_inspection(inspection=record, by=leader.person.user)


def _notices(campaign: Campaign) -> None:
    """A notice for each target with hazards, served on the spot."""
    by = who("inspect")
    for target in Target.objects.filter(hazards__campaign=campaign).distinct().order_by("code"):
        found = list(Hazard.objects.filter(campaign=campaign, target=target, state="found"))
        ends = min(one.deadline_on for one in found)
        hazards.issue_notice(
            hazards=found,
            deadline_on=ends,
            served="hand",
            received_by="库主任",
            written_at=timezone.make_aware(datetime.combine(max(one.found_on for one in found), time(11))),
            by=by,
            measures="逐项整改到位，举一反三开展自查，整改前采取双人值守等防范措施。",
        )


def _finish(campaign: Campaign, finished: bool) -> None:
    """Put hazards right (all, or some), write summaries, seal and issue (or wait for the second seal)."""
    rows = list(Hazard.objects.filter(campaign=campaign).order_by("pk"))
    for place, hazard in enumerate(rows):
        if finished or place % 3 != 0:
            _put_right(hazard, close=finished or place % 3 == 1)
    by = who("inspect")
    actions.review_campaign(campaign=campaign, by=by)
    texts = {
        "1": "市中心支局坚持每日双人查库并录像抽查。",
        "2": "西陵县局把守库交接写成口令卡。",
        "3": "南浦县局每季度断电演练一次。",
    }
    for group in campaign.groups.select_related("campaign"):
        leader = group.members.select_related("person__user").get(leads=True).person.user
        summary = bulletins.draft_summary(group=group, by=leader)
        bulletins.edit_paper(paper=summary, title=summary.title, texts={"good": texts[group.code]}, by=leader)
    paper = bulletins.draft_bulletin(campaign=campaign, by=by)
    bulletins.submit_paper(paper=paper, by=by)
    post, bank = campaign.organisers.select_related("unit").order_by("order")
    bulletins.seal_paper(paper=paper, organiser=post, by=who("yzseal"))
    if finished:
        bulletins.seal_paper(paper=paper, organiser=bank, by=who("yhseal"))
        bulletins.issue_paper(paper=paper, by=by)
        for assignment in campaign.assignments.select_related("unit"):
            bulletins.acknowledge_paper(paper=paper, unit=assignment.unit, by=who("vault"))
        campaign.refresh_from_db()
        actions.close_campaign(campaign=campaign, by=by)


def _put_right(hazard: Hazard, *, close: bool) -> None:
    unit = who("vault")
    hazards.attach_evidence(hazard=hazard, file=BytesIO(picture(f"after{hazard.pk}")), name="整改后.png", by=unit)
    hazard = hazards.report_rectification(
        hazard=hazard,
        measures="已按要求更换、修复并组织复训。",
        done_on=max(hazard.found_on, min(local_today(), hazard.deadline_on)),
        duty="库主任",
        funds_fen=180_000,
        plan="整改期间增派双人值守。",
        by=unit,
    )
    if not close:
        return
    hazards.recheck_hazard(hazard=hazard, good=True, note_text="现场复查，已整改到位。", by=who("leader1"))
    if hazard.level == "major":
        hazards.recheck_hazard(hazard=hazard, good=True, note_text="调阅录像复核，合格。", by=who("leader2"))
    hazards.close_hazard(hazard=hazard, by=who("inspect"))
