"""Operational safety in the demonstration: a site with terminals, signatures, a supply's history, rules, visitors.

The site's addresses are loopback ones: nothing of it exists, so nothing answers, at once.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from mainstay.commands.words import _
from mainstay.continuity.alarms import actions as alarms
from mainstay.continuity.alarms.batch import tell_those_on_duty
from mainstay.continuity.alarms.models import Duty
from mainstay.continuity.antivirus import actions as antivirus
from mainstay.continuity.antivirus import package, queries
from mainstay.continuity.antivirus.models import Carried, Client, Medium
from mainstay.continuity.antivirus.rules import Manifest
from mainstay.continuity.incidents import actions as incidents
from mainstay.continuity.incidents.models import Incident
from mainstay.continuity.machineroom import actions as room
from mainstay.continuity.machineroom.models import Item, Visit
from mainstay.continuity.network import actions as network
from mainstay.continuity.network.models import Terminal
from mainstay.continuity.power import actions as power
from mainstay.continuity.power.models import Discharge, Sample
from mainstay.continuity.regime import actions as regime
from mainstay.continuity.regime.models import Rule, Violation
from mainstay.continuity.roles import install_continuity_roles
from mainstay.continuity.site.batch import record, take_pass
from mainstay.continuity.site.library import example
from mainstay.continuity.site.rules.verdict import GREEN, Seen
from mainstay.core.access.actions.roles import grant_role
from mainstay.core.access.batch import system_user
from mainstay.core.access.models import Grant, Role, User
from mainstay.core.door import ApprovalFiled
from mainstay.core.organisation.models import Unit
from mainstay.core.publications.actions import publish
from mainstay.core.publications.models import Publication
from mainstay.core.workflow.actions import approve
from mainstay.demo.company import FOUNDED
from mainstay.kit.dates import local_today

ROLES = {"room1": "site_head", "room2": "machine_room"}
DESKS = (
    ("柜台-东-1", "城东营业所 1 号柜台", "沈知秋", "收费"), ("柜台-东-2", "城东营业所 2 号柜台", "何若兰", "收费"),
    ("柜台-西-1", "城西营业所 1 号柜台", "顾长风", "收费"), ("柜台-西-2", "城西营业所 2 号柜台", "林晚照", "收费"),
    ("客服-01", "客服中心 1 座席", "苏小棠", "受理"), ("客服-02", "客服中心 2 座席", "叶行舟", "受理"),
    ("呼叫-01", "呼叫中心 1 座席", "白露", "接听"), ("财务-01", "财务科", "严守正", "记账"),
    ("抄表-01", "抄收班", "石磊", "抄表数据"), ("打印-01", "城东营业所", "", "票据打印"),
)  # fmt: skip
AGES = (1, 1, 2, 1, 1, 4, 2, 9, 1)  # days since each desk's signatures; the printer has none
ITEMS = (
    ("fire", "MH-01", "二氧化碳灭火器", "机房门内", 30, 12), ("fire", "MH-02", "二氧化碳灭火器", "电池间", 30, 27),
    ("fire", "MH-03", "七氟丙烷灭火装置", "主机房", 180, 60), ("door", "ML-01", "机房防盗门与门禁", "主机房", 90, 40),
    ("camera", "SX-01", "主机房摄像机", "主机房", 30, 8), ("camera", "SX-02", "周界摄像机", "围墙东侧", 30, 8),
    ("sign", "BS-01", "高压危险标识", "配电间", 180, 90), ("drill", "YL-01", "停电应急预案演练", "机房", 180, 120),
    ("drill", "YL-02", "机房火灾应急预案演练", "机房", 365, 380),
)  # fmt: skip
STEP = timedelta(minutes=5)
DIP = range(150, 156)  # samples of the day on battery


def tell() -> str:
    """Load what is not there yet; returns what it is in one line."""
    by = system_user()
    install_continuity_roles(by=by)
    people = {name: User.objects.get(username=name) for name in ROLES}
    for name, code in ROLES.items():
        _grant(people[name], code, by)
    _declare()
    if not Terminal.objects.exists():
        _terminals(people["room1"])
        _signatures(people)
        _supply(people["room1"])
        _room(people["room2"])
        _rules(people["room1"])
        _incidents(people)
        _hosts()
        take_pass(timezone.now(), all_of_them=True)
        _duty(people)
    facts = {"terminals": Terminal.objects.count(), "items": Item.objects.count(), "rules": Rule.objects.count()}
    return _("{terminals} terminals, {items} items of the machine room, {rules} rules").format(**facts)


def _grant(user: User, code: str, by: User) -> None:
    role = Role.objects.get(code=code)
    holding = user.person.holdings.select_related("post").first() if user.person else None
    if holding and not Grant.objects.filter(role=role, post=holding.post).exists():
        unit = Unit.objects.get(code="HT")
        grant_role(role=role, post=holding.post, unit=unit, from_on=FOUNDED, by=by)


def _declare() -> None:
    """The example as this site's declaration, with addresses at which nothing is."""
    path = Path(settings.SITE_FILE)
    if not path.exists():
        path.write_text(example().replace('"10.77.', '"127.77.').replace('"10.88.', '"127.88.'), encoding="utf-8")


def _mac(number: int) -> str:
    return f"02:77:02:00:00:{number:02x}"


def _terminals(by: User) -> None:
    """The desks, and what a switch sees: all of them, one at another port, and a device that nobody knows."""
    desks: list[dict[str, Any]] = [
        {
            "mac": _mac(number), "name": name, "zone": "core", "place": place, "user": user, "purpose": purpose,
            "kind": "printer" if name.startswith("打印") else "work", "address": f"127.77.0.{110 + number}",
            "port": f"SW1 Gi0/{number}",
        }
        for number, (name, place, user, purpose) in enumerate(DESKS, 1)
    ]  # fmt: skip
    network.import_terminals(rows=desks, by=by)
    seen = [{name: one[name] for name in ("mac", "address", "zone", "port")} for one in desks]
    seen[6]["port"] = "SW1 Gi0/17"
    seen.append({"mac": "66:1f:30:5a:0c:21", "address": "127.77.0.66", "zone": "core", "port": "SW1 Gi0/21"})
    network.import_sightings(rows=seen, source="SW1", by=by)


def _signatures(people: dict[str, User]) -> None:
    """A carrier that two people registered, a package taken from it, and what the clients report."""
    folder = queries.folder()
    folder.mkdir(parents=True, exist_ok=True)
    if not Medium.objects.exists():
        try:
            antivirus.register_medium(label="U-01", serial="HT-2024-0117", keeper="秦守一", by=people["room1"])
        except ApprovalFiled as filed:
            approve(approval=filed.approval, by=people["room2"])
    key = folder / "demo-outer.key"
    if not queries.public_key().exists():
        package.draw_key(key, queries.public_key())
    if not Carried.objects.exists() and key.exists():
        (folder / "local.hdb").write_text("44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature\n")
        facts = Manifest("signatures", 41, f"{local_today() - timedelta(days=1)}", "外网防病毒中心", {})
        target = folder / "signatures-0041.mpk"
        package.export([folder / "local.hdb"], target, key, facts)
        antivirus.take_package(path=str(target), medium=Medium.objects.get(label="U-01"), by=people["room1"])
    rows = [
        {"name": desk[0], "engine": "ClamAV 1.4.6", "signatures_on": local_today() - timedelta(days=days)}
        for desk, days in zip(DESKS, AGES, strict=False)
    ]
    if not Client.objects.exists():
        antivirus.import_clients(rows=rows, by=people["room1"])


def _minute(number: int, at: datetime) -> Sample:
    """A sample of the day: on battery for a while, then charging again."""
    deep = number - DIP.start + 1 if number in DIP else 0
    since = number - DIP.stop
    charge = 100 - 2 * deep if deep else min(100, 88 + since) if since >= 0 else 100
    runtime = 62_000 - 900 * deep + number % 7 * 60
    status = "OB DISCHRG" if deep else "OL"
    return Sample(ups="room", at=at, status=status, charge=charge, load=38 + number % 5, runtime_s=runtime)


def _supply(by: User) -> None:
    """A day on mains with a dip in it, and a discharge test some months ago."""
    now = timezone.now().replace(second=0, microsecond=0)
    day = [now - STEP * number for number in range(288)][::-1]
    rows = [_minute(number, at) for number, at in enumerate(day)]
    began = timezone.make_aware(datetime.combine(local_today() - timedelta(days=120), time(8)))
    rows += [
        Sample(
            ups="room", at=began + timedelta(minutes=2 * number), status="OB DISCHRG",
            charge=round(100 - 62 * (number / 255) ** 1.15), load=79 + number % 3, runtime_s=47_000 - 112 * number,
        )
        for number in range(256)
    ]  # fmt: skip
    Sample.objects.bulk_create(rows, ignore_conflicts=True)
    if not Discharge.objects.exists():
        ended = began + timedelta(minutes=510)
        power.record_discharge(ups="room", began_at=began, ended_at=ended, note="年度放电试验，设计负载", by=by)


def _room(by: User) -> None:
    """What stands in the room with its last checks, and visitors."""
    today = local_today()
    for kind, label, name, place, every, ago in ITEMS:
        facts: dict[str, Any] = {"kind": kind, "label": label, "name": name, "place": place, "every_days": every}
        one = room.save_item(**facts, by=by)
        room.check_item(item=one, on=today - timedelta(days=ago), fine=True, by=by)
    if not Visit.objects.exists():
        about: dict[str, Any] = {"company": "恒稳电源服务公司", "escort": "秦守一", "planned_on": today}
        gone = room.admit_visitor(who="周远", why="UPS 季度保养", by=by, **about)
        for _time in ("in", "out"):
            room.pass_visitor(visit=gone, by=by)
        inside = room.admit_visitor(who="韩北辰", why="更换交换机风扇", by=by, **about)
        room.pass_visitor(visit=inside, by=by)
        room.admit_visitor(who="江一白", why="消防设施年检", by=by, **{**about, "company": "海川消防检测站"})


def _rules(by: User) -> None:
    """The five rules, two of them in force; a violation; a review of rights."""
    regime.enter_drafts(unit=Unit.objects.get(code="HT"), owner="陶然居", by=system_user())
    for code in ("AQ-01", "AQ-02"):
        draft = Publication.objects.filter(code=code, state=Publication.State.DRAFT).first()
        if draft:
            publish(publication=draft, by=system_user())
    if not Violation.objects.exists():
        rule = Rule.objects.get(code="AQ-01")
        on = local_today() - timedelta(days=3)
        regime.report_violation(rule=rule, on=on, who="柜台-西-2", what="内网终端接入手机充电，被判为网络设备", by=by)
        regime.review_rights(found="两名调岗人员的权限已收回", by=by)


def _duty(people: dict[str, User]) -> None:
    """Both get alarms; the first message waits to be carried."""
    if not Duty.objects.exists():
        for name, least, phone in (("room1", "amber", "13900000001"), ("room2", "red", "13900000002")):
            facts: dict[str, Any] = {"least": least, "phone": phone, "from_at": timezone.now() - timedelta(days=1)}
            alarms.put_on_duty(user=people[name], **facts, by=people["room1"])
        tell_those_on_duty(timezone.now() + timedelta(minutes=2))


def _incidents(people: dict[str, User]) -> None:
    """A cut of the mains that is closed and followed up, and a device on the network that is being looked for."""
    head, keeper = people["room1"], people["room2"]
    if Incident.objects.exists():
        return
    now = timezone.now()
    dip = now - STEP * (288 - DIP.start)
    facts: dict[str, Any] = {"kind": "force", "grade": 3, "began_at": dip, "noticed_at": dip, "measure": "D8"}
    cut = incidents.open_incident(title="市电中断，机房转电池供电", touched="无业务中断", **facts, by=keeper)
    for minutes, text in ((2, "值班员到场，确认转电池供电"), (9, "联系供电所，答复为线路倒闸"), (28, "市电恢复")):
        incidents.note_incident(incident=cut, text=text, at=dip + timedelta(minutes=minutes), by=keeper)
    due = local_today() + timedelta(days=20)
    incidents.plan_follow_up(incident=cut, what="与供电所约定倒闸提前通知", who=keeper, due_on=due, by=head)
    over = dip + timedelta(minutes=30)
    incidents.end_incident(incident=cut, over_at=over, cause="供电所线路倒闸，未提前通知", by=keeper)
    incidents.close_incident(incident=cut, conclusion="按预案处置，电池余量充足", by=head)
    seen = now - timedelta(hours=3)
    facts = {"kind": "strange", "grade": 4, "began_at": seen, "noticed_at": seen, "measure": "D3"}
    one = incidents.open_incident(title="业务网发现未登记设备", touched="SW1 Gi0/21 端口", **facts, by=keeper)
    incidents.note_incident(incident=one, text="已关闭该端口，正在查找设备所在房间", by=keeper)


def _hosts() -> None:
    """What the watchers of the two servers and the witness would report on a quiet day."""
    now = timezone.now()
    for host in ("appsrv", "datasrv", "witness"):
        record("network.firewall", host, [Seen("firewall", GREEN)], now, 1700)
        record("network.isolation", host, [Seen(one, GREEN) for one in ("eth0", "route", "resolver", "wireless")], now)
        record("network.matrix", host, [Seen(f"gate {one}", GREEN) for one in ("tcp/80", "tcp/443", "icmp")], now)
        record("network.neighbours", host, [], now)
        record("network.one_way", host, [Seen("one-way", GREEN)], now)
        record("antivirus.signatures", host, [Seen("signatures", GREEN, figure=f"{local_today()}")], now)
