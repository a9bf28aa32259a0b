"""Patrols of the machine room in the demonstration: three points every day, all of the room every week."""

from __future__ import annotations

from datetime import date, timedelta

from mainstay.core.access.batch import system_user
from mainstay.core.organisation.models import Unit
from mainstay.demo.visits import at_hour, visit, who
from mainstay.inspection.campaigns import actions as campaigns
from mainstay.inspection.campaigns.models import Target
from mainstay.inspection.checklists.actions import import_checklist, publish_version
from mainstay.inspection.checklists.models import Checklist
from mainstay.inspection.checklists.queries import definition_of
from mainstay.inspection.checklists.rules import ChecklistDef, ItemDef, SectionDef
from mainstay.inspection.patrols import actions
from mainstay.inspection.patrols.batch import tell_missed, versions_of
from mainstay.inspection.patrols.models import Patrol
from mainstay.kit.dates import local_today

DAYS = 7
POINTS = (("JF-01", "主机房"), ("JF-02", "UPS 与电池间"), ("JF-03", "配电间"))
MISSED, LATE = {(3, 2), (5, 1), (5, 2)}, {(4, 2)}  # round and point, oldest round first
SCANNED = (0, 1)  # the label of the third point is worn
FAILING = {(2, 0): {"MR1": "29.5"}, (4, 1): {"MR4": "3 号电池轻微鼓包"}}
DAILY = ChecklistDef(
    "machine-room-daily", "机房日巡", "Daily round of the machine room", "none",
    (
        SectionDef("MR", "日巡", "Daily round", (
            ItemDef("MR1", "温度", "Temperature", types=("number",), minimum_e3=18_000, maximum_e3=27_000, unit="℃",
                    basis="本单位规定", days=3),
            ItemDef("MR2", "相对湿度", "Relative humidity", types=("number",), minimum_e3=40_000, maximum_e3=70_000,
                    unit="%", basis="本单位规定", days=3),
            ItemDef("MR3", "无异响、异味、告警灯", "No odd noise, smell or alarm lamp", basis="本单位规定", days=1),
            ItemDef("MR4", "设备外观完好，无漏水", "Equipment sound, no leak", basis="本单位规定", days=7),
            ItemDef("MR5", "门禁关闭，登记完整", "Door locked, register complete", basis="本单位规定", days=1),
        )),
    ),
)  # fmt: skip


def load_patrols(unit: Unit) -> None:
    """Load two patrols and the rounds of the last week, some of them missed; leave alone what is there."""
    if Patrol.objects.filter(unit=unit).exists():
        return
    today, by = local_today(), system_user()
    rooms = [
        campaigns.save_target(unit=unit, code=code, name=name, kind="room", klass="room", by=by)
        for code, name in POINTS
    ]
    daily = publish_version(version=import_checklist(definition=DAILY, by=by), by=by).checklist
    first = _patrol(("XJ-R", "机房日巡", "Daily round of the machine room"), "daily", daily, rooms)
    weekly = Checklist.objects.get(code="machine-room")
    _patrol(("XJ-Z", "机房周巡", "Weekly round of the machine room"), "weekly", weekly, rooms[:1])
    _walk(first, today)
    tell_missed(today)


def _patrol(names: tuple[str, str, str], rhythm: str, checklist: Checklist, rooms: list[Target]) -> Patrol:
    people = [who(name).person for name in ("room1", "room2")]
    assert people[0] is not None  # noqa: S101 - made with the people
    return actions.save_patrol(
        unit=rooms[0].unit, code=names[0], name_zh=names[1], name_en=names[2], rhythm=rhythm,
        days=1 if rhythm == "daily" else 3,
        checklists=[checklist], targets=rooms, leader=people[0], walkers=[one for one in people[1:] if one],
        from_on=local_today() - timedelta(days=DAYS), by=system_user(),
    )  # fmt: skip


def _walk(patrol: Patrol, today: date) -> None:
    items = [item for one in versions_of(patrol.checklists.all()).values() for item in definition_of(one).items()]
    people = (who("room2"), who("room1"))
    over = patrol.rounds.filter(until_on__lt=today).select_related("campaign").order_by("from_on")
    for turn, one in enumerate(over):
        tasks = one.campaign.assignments.select_related("target", "group", "campaign").order_by("stair")
        for place, task in enumerate(tasks):
            if (turn, place) in MISSED:
                continue
            on = one.from_on + timedelta(days=1 if (turn, place) in LATE else 0)
            failing = FAILING.get((turn, place), {})
            visit(
                task, people[turn % 2], at_hour(on, 8, 30 + 4 * place), items, scanned=place in SCANNED, failing=failing
            )
