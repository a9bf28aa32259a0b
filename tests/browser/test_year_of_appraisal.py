"""The end of a year in a company of 300 people, in a real browser: ratings, calibration, interviews, bonus.

Person n reached 70 + (n mod 30) of 100, so ten people have each score from 70 to 99, worked out by hand:
A is 10 % of 300 = 30 people (97 to 99); A and B are 40 % = 120 people, so B are 90 (88 to 96; the twenty with 85 and 86
and the ten with 87 fall); C are 130 (75 to 87), D are 50. The scores sum to 25,350. Of a pool of 3,000,000.00 yuan
somebody with 99 gets 3,000,000.00 × 99 ÷ 25,350 = 11,715.976 yuan.
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
core._numbers = itertools.count(865000); make._next = itertools.count(865000)
from django.test import Client
from django.utils import timezone
from mainstay.core.access.models import User
from mainstay.core.organisation.models import Person
from mainstay.core.publications.models import Acknowledgement, Publication
from mainstay.performance.appraisal.models import Criterion, GradeScheme
from mainstay.performance.plans.models import Contract, Target
from mainstay.performance.posts.models import HeldQualification, Qualification
from mainstay.performance.tracking.models import Actual
from tests.performance.appraisal.make import BANDS

company = core.make_unit("百人公司")
period = make.make_year(2024)["2024"]
scheme, _new = GradeScheme.objects.get_or_create(
    from_on=date(2026, 11, 1), defaults={"notice": "通知", "bands": BANDS})
policy = core.make_publication(company, state=Publication.State.PUBLISHED, title_zh="百人公司绩效制度")
training = Qualification.objects.create(code="PX-9", name_zh="百人公司绩效培训", kind="training")
names = ("view_appraisal view_severity view_reward start_round assign_raters begin_calibration change_grade "
         "finish_calibration hold_interview close_round create_pool approve_pool propose_consequences").split()
rights = {f"performance.appraisal.{name}": ("subtree", None) for name in names}
hr, head = (core.make_user(rights=rights, unit=company) for _each in range(2))
boss = make.make_employee(company, "主管甲")
now = timezone.now()
for user in (hr, head, boss):
    Acknowledgement.objects.create(publication=policy, user=user, at=now)
    HeldQualification.objects.create(person=user.person, qualification=training, from_on=date(2024, 1, 1), proof="证书")
people = Person.objects.bulk_create([Person(staff_no=f"Y{n:04d}", name=f"职工{n:03d}") for n in range(300)])
rate = make.make_indicator()
contracts = Contract.objects.bulk_create([
    Contract(number=f"Y{n:05d}", kind="person", period=period, unit=company, person=one, party_a=boss.person)
    for n, one in enumerate(people)])
targets = Target.objects.bulk_create([
    Target(contract=one, indicator=rate, weight_bp=10_000, target_e4=1_000_000, rule={"kind": "ratio", "cap": 120})
    for one in contracts])
Contract.objects.filter(pk__in=[one.pk for one in contracts]).update(
    state="signed", digest="y" * 64, signed_a_by=hr, signed_a_at=now, signed_b_by=head, signed_b_at=now)
Actual.objects.bulk_create([
    Actual(target=one, period=period, value_e4=(70 + n % 30) * 10_000, state="verified", reported_by=hr,
           reported_at=now, verified_by=head, verified_at=now) for n, one in enumerate(targets)])
for user in (hr, head, boss):
    client = Client(); client.force_login(user); print(client.cookies["sessionid"].value)
"""
TALKED = """
from mainstay.core.access.models import User
from mainstay.performance.appraisal.models import Appraisal, Interview, Round
from django.utils import timezone
one = Round.objects.get(unit__name_zh="百人公司")
by = one.started_by
rows = list(one.appraisals.filter(state="calibrated"))
Interview.objects.bulk_create([
    Interview(appraisal=row, held_on=timezone.localdate(), successes="好", to_improve="无", next_steps="继续",
              interviewer=by) for row in rows])
one.appraisals.update(state="confirmed")
print(len(rows))
"""


WORK = """
import threading
from mainstay.core.jobs.worker import work
work(stop=threading.Event(), once=True)
"""


def chips(page) -> list[str]:
    """Return the grades with their people, as the calibration shows them."""
    return [" ".join(text.split()) for text in page.locator(".ms-chip").all_text_contents()]


def start(page) -> str:
    """Begin the round and ask the superiors; returns the round's address."""
    page.goto("/appraisal/new/")
    page.select_option("[name=period]", label="2024")
    page.select_option("[name=unit]", label="百人公司")
    page.select_option("[name=policy]", label="百人公司绩效制度")
    page.select_option("[name=training]", label="百人公司绩效培训")
    send(page)
    page.wait_for_selector("h1:has-text('百人公司')")
    one = page.url
    page.click("a:has-text('安排评分人')")
    send(page)
    page.wait_for_selector("text=0 / 300")
    return str(one)


def rate(page) -> None:
    """Rate the first person; the end of the scale is refused without its incident."""
    page.goto("/appraisal/tasks/")
    page.click("td a:has-text('评分') >> nth=0")
    page.wait_for_selector("#form .btn-primary")  # below all choices: `all` waits for none that is still to come
    for group in page.locator(".ms-choices").all():
        group.locator("input[value='3']").check()
    page.locator(".ms-choices").first.locator("input[value='5']").check()
    page.click("#form .btn-primary")
    page.wait_for_selector("text=何时发生了什么？（")  # the error names the criterion; the form's own words do not
    page.locator("textarea").first.fill("三季度独立完成系统切换")
    send(page)
    page.wait_for_selector("h1:has-text('待评分')")


def score(page, live_site, one: str) -> None:
    """Begin calibration; a worker computes while the page of the round shows how far it is."""
    page.goto(one)
    page.click("a:has-text('开始校准')")
    send(page)
    page.wait_for_selector("text=正在计算得分和等级")
    live_site.ask(WORK)
    page.wait_for_selector("a:has-text('完成校准')")


def calibrate(page, one: str) -> None:
    """Look at the grades, and give one person a better one with a reason."""
    page.goto(f"{one}calibration/")
    assert chips(page) == ["A 30", "B 90", "C 130", "D 50", "E 0"]
    sheet = page.url
    page.goto(f"{sheet}?q=Y0026")
    assert "96" in page.locator("tbody tr").first.text_content(), "26 mod 30 + 70"
    page.drag_and_drop("tbody a:has-text('职工026')", "[data-grade=A]")
    page.wait_for_selector("[name=reason]")
    assert page.input_value("[name=grade]") == "A", "the grade the name was dropped on"
    page.fill("[name=reason]", "带队完成年度抢修")
    send(page)
    page.wait_for_selector("td:has-text('带队完成年度抢修')")
    page.goto(sheet)
    assert chips(page) == ["A 31", "B 89", "C 130", "D 50", "E 0"]
    page.goto(one)
    page.click("a:has-text('完成校准')")
    send(page)


def divide(page, one: str) -> str:
    """Close the round and divide the pool; returns the pool's address."""
    page.goto(one)
    page.click("a:has-text('关闭考核')")
    send(page)
    page.wait_for_selector(".ms-badge:has-text('已关闭')")
    page.click("a:has-text('分配奖金包')")
    page.select_option("[name=unit]", label="百人公司")
    page.fill("[name=pool_fen]", "3000000")
    send(page)
    page.wait_for_selector("text=3,000,000.00")
    text = page.text_content("body")
    assert text.count("3,000,000.00") >= 2, "the pool, and the sum of the shares"
    assert "11,715.98" in text, "a person with 99"
    return str(page.url)


def test_the_year_ends_with_grades_and_bonus(open_page, live_site) -> None:
    page = open_page("desktop", allow=("422",))  # a rating without its incident is refused on purpose
    hr, head, boss = live_site.ask(SEED)
    become(page, live_site, hr)
    one = start(page)
    become(page, live_site, boss)
    rate(page)
    become(page, live_site, hr)
    score(page, live_site, one)
    calibrate(page, one)
    assert live_site.ask(TALKED) == ["300"]
    pool = divide(page, one)
    become(page, live_site, head)
    page.goto(pool)
    page.click("a:has-text('批准奖金包')")
    send(page)
    page.wait_for_selector(".ms-badge:has-text('已批准')")
