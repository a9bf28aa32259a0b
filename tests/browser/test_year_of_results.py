"""The first half of a year in a company of 300 people, in a real browser: charter, contracts, values, challenge.

Worked out by hand: the unit's target is 3,000; 298 people carry 10 each and one carries 20, so the parts add up. The
298 have reached 9 each (2,682); the one signs before our eyes, reports 24 and another verifies it: the parts make
2,706, which is 90.2 % of 3,000. 24 of 20 earns 120 points.
"""

from __future__ import annotations

import pytest

from tests.support.year import become, send

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SEED = """
import itertools
from datetime import date
import tests.core.make as core
import tests.performance.make as make
core._numbers = itertools.count(876000); make._next = itertools.count(876000)
from django.test import Client
from django.utils import timezone
from mainstay.core.access.models import User
from mainstay.core.organisation.models import Holding, Person
from mainstay.performance.plans.models import Contract, Contribution, Target
from mainstay.performance.tracking.models import Actual

E4, RULE = 10_000, {"kind": "ratio", "cap": 120}
company = core.make_unit("三百人公司")
works = core.make_unit("维修部", parent=company)
year = make.make_year(2023)["2023"]
plans = ("view_contract", "draft_charter", "approve_charter", "publish_charter", "view_charter")
tracking = ("verify_actual", "plan_session", "decide", "view_session", "write_report", "view_action")
rights = {f"performance.plans.{name}": ("subtree", None) for name in plans}
rights |= {f"performance.tracking.{name}": ("subtree", None) for name in tracking}
rights |= {f"core.publications.{name}": ("subtree", None) for name in ("edit_publication", "publish")}
chief, deputy = (core.make_user(rights=rights, unit=company) for _each in range(2))
for user, name in ((chief, "总经理甲"), (deputy, "副总乙")):
    Person.objects.filter(pk=user.person_id).update(name=name)
    core.hold(user.person, core.make_post(company), date(2020, 1, 1))
boss = make.make_employee(works, "维修经理丙")
worker = core.make_user(rights={"performance.tracking.report_actual": ("own", None)}, unit=works)
Person.objects.filter(pk=worker.person_id).update(name="维修工丁")
core.hold(worker.person, core.make_post(works), date(2020, 1, 1))
post, now = core.make_post(works), timezone.now()
staff = Person.objects.bulk_create([Person(staff_no=f"Z{n:04d}", name=f"员工{n:03d}") for n in range(298)])
User.objects.bulk_create([User(username=f"z{n:04d}", person=one) for n, one in enumerate(staff)])
Holding.objects.bulk_create([Holding(person=one, post=post, from_on=date(2020, 1, 1)) for one in staff])
income = make.make_indicator("维修收入", unit_zh="万元", rule=RULE)

def contract(number, person, party, unit, kind="person"):
    return Contract(number=number, kind=kind, period=year, unit=unit, person=person, party_a=party)

def target(one, value):
    return Target(contract=one, indicator=income, weight_bp=10_000, target_e4=value * E4, rule=RULE)

top = contract("Z-C", chief.person, deputy.person, company, "company")
unit = contract("Z-U", boss.person, chief.person, works, "unit")
own = contract("Z-W", worker.person, boss.person, works)
rows = [contract(f"Z{n:05d}", one, boss.person, works) for n, one in enumerate(staff)]
Contract.objects.bulk_create([top, unit, own, *rows])
whole, part, last, *rest = Target.objects.bulk_create(
    [target(top, 3_000), target(unit, 3_000), target(own, 20), *(target(one, 10) for one in rows)])
Contribution.objects.bulk_create(
    [Contribution(child=part, parent=whole), *(Contribution(child=one, parent=part) for one in (last, *rest))])
Contract.objects.filter(pk__in=[one.pk for one in (top, unit, *rows)]).update(
    state="signed", digest="z" * 64, signed_a_by=chief, signed_a_at=now, signed_b_by=deputy, signed_b_at=now)
Contract.objects.filter(pk=own.pk).update(state="negotiating")
Actual.objects.bulk_create([
    Actual(target=one, period=year, value_e4=9 * E4, state="verified", reported_by=chief, reported_at=now,
           verified_by=deputy, verified_at=now) for one in rest])
for user in (chief, deputy, boss, worker):
    client = Client(); client.force_login(user); print(client.cookies["sessionid"].value)
print(top.pk, own.pk, part.pk, last.pk, chief.person.staff_no, deputy.person.staff_no, worker.person.staff_no)
"""


def publish(page, live_site, chief: str, deputy: str, contract: str) -> str:
    """One drafts the charter on the signed contract, another approves and publishes it; returns its address."""
    become(page, live_site, chief)
    page.goto("/plans/charters/new/")
    page.select_option("[name=contract]", contract)
    page.fill("[name=preamble_zh]", "今年的任务：维修收入三千万元。")
    send(page)
    page.wait_for_selector("h1:has-text('2023')")
    charter = str(page.url)
    become(page, live_site, deputy)
    for step in ("approve", "publish"):
        page.goto(f"{charter}{step}/")
        if step == "publish":
            page.fill("[name=acknowledge_by]", "2099-01-31")
        send(page)
    page.wait_for_selector("text=0 / 302")
    return charter


def sign(page, live_site, people: list[str], contract: str) -> None:
    """Both sides sign what is on the screen."""
    for number, cookie in enumerate(people):
        become(page, live_site, cookie)
        page.goto(f"/plans/contracts/{contract}/sign/")
        send(page)
        page.wait_for_selector(".ms-badge:has-text('已签')" if number else ".ms-badge:has-text('协商中')")


def reach(page, live_site, worker: str, chief: str, target: str) -> None:
    """The worker reports 24; somebody else verifies it."""
    become(page, live_site, worker)
    page.goto(f"/tracking/targets/{target}/report/")
    page.select_option("[name=period]", label="2023")
    page.fill("[name=value]", "24")
    send(page)
    become(page, live_site, chief)
    page.goto("/tracking/actuals/?state=reported")
    page.click("tbody tr:has-text('维修工丁') a >> nth=0")
    page.click("a:has-text('核实')")
    send(page)
    page.wait_for_selector(".ms-badge:has-text('已核实')")


def challenge(page, numbers: list[str]) -> None:
    """Plan the session; its wall shows the result by itself, and a decision becomes an action."""
    chief, deputy, worker = numbers
    page.goto("/tracking/sessions/new/")
    page.select_option("[name=kind]", "challenge")
    page.fill("[name=title]", "年中业绩质询会")
    page.select_option("[name=unit]", label="维修部")
    page.select_option("[name=period]", label="2023")
    page.fill("[name=held_on]", "2023-07-03")
    for name, number in (("host", chief), ("recorder", deputy), ("reporters", worker)):
        page.fill(f"[name={name}]", number)
    send(page)
    page.wait_for_selector("h1:has-text('年中业绩质询会')")
    page.goto(f"{page.url}wall/")
    wall = page.text_content("main")
    assert "维修收入" in wall and "120" in wall, "24 of 20, capped at 120 points"
    page.click("section.tr-part a:has-text('决')")
    page.fill("[name=title]", "推广上门维修套餐")
    page.fill("[name=result]", "下半年再增四万元")
    page.fill("[name=owner]", worker)
    page.fill("[name=checker]", deputy)
    page.fill("[name=due_on]", "2099-12-31")
    send(page)
    page.wait_for_selector("section.tr-part a:has-text('推广上门维修套餐')")


def test_the_year_begins_with_charter_and_signed_contracts(open_page, live_site) -> None:
    page = open_page("desktop")
    *cookies, top, own, part, last, first, second, third = live_site.ask(SEED)
    chief, deputy, boss, worker = cookies
    charter = publish(page, live_site, chief, deputy, top)
    become(page, live_site, worker)
    page.goto("/publications/")
    page.click("tbody tr:has-text('2023年度经营任务书') a >> nth=0")
    page.click("a:has-text('我已阅读')")
    send(page)
    sign(page, live_site, [boss, worker], own)
    reach(page, live_site, worker, chief, last)
    page.goto(charter)
    page.wait_for_selector("text=1 / 302")
    page.goto(f"/plans/targets/{part}/")
    page.wait_for_selector(".ms-badge:has-text('正好')")
    assert "2,706 万元（90.2 %；299 项分解目标中 299 项已有数值）" in page.text_content("main")
    challenge(page, [first, second, third])
    become(page, live_site, worker)
    page.goto("/tracking/mine/")
    page.wait_for_selector("a:has-text('推广上门维修套餐')")
