"""4R of a fictitious service company, beside the gas company: charter, contracts, values, sessions, roll-out plan.

What is there already is left alone, so loading it again changes nothing.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps

from mainstay.core.access.actions.roles import grant_role
from mainstay.core.access.batch import system_user
from mainstay.core.access.models import Role, User
from mainstay.core.organisation.actions import assign_post, create_person, create_post, create_unit
from mainstay.core.organisation.models import Unit
from mainstay.core.publications.actions import acknowledge
from mainstay.demo.company import FOUNDED, add_log_in, organisation
from mainstay.kit.dates import local_today
from mainstay.kit.yamls import load_yaml
from mainstay.performance.plans import actions as plans
from mainstay.performance.plans.models import Contract, Indicator, Period, Target
from mainstay.performance.plans.rules import parse_number
from mainstay.performance.roles import install_performance_roles
from mainstay.performance.tracking import actions as tracking

FILE = Path(__file__).with_name("fourr.yaml")
HAVE_READ = ("sq_gm", "sq_service", "sq_hr", "sq_keeper1", "sq_fitter")


@cache
def facts() -> dict[str, Any]:
    """What fourr.yaml says."""
    loaded: dict[str, Any] = load_yaml(FILE)
    return loaded


def switched_on() -> bool:
    """Whether the part is switched on at this site."""
    return apps.is_installed("mainstay.performance.tracking")


def load() -> int:
    """Make the company with its 4R, unless it is there; returns the number of its signed contracts."""
    if not Unit.objects.filter(code="SQ").exists():
        by = system_user()
        install_performance_roles(by=by)
        units = _units(by)
        _people(units, by)
        year = plans.create_year(year=local_today().year, by=by)
        _contracts(units, year, by)
        _carry()
        _charter(year)
        _budgets(units, year, by)
        _actuals(year)
        _rollout(units["SQ"], year)
        _sessions(units["SQ"], year)
    return Contract.objects.in_force().filter(unit__code__startswith="SQ").count()


def who(username: str) -> User:
    """A person of the demonstration."""
    return User.objects.select_related("person").get(username=username)


def _person(username: str) -> Any:
    return who(username).person


def _units(by: User) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for code, parent, name_zh, name_en, kind in facts()["units"]:
        if parent:
            names: dict[str, Any] = {"name_zh": name_zh, "name_en": name_en, "kind": kind}
            units[code] = create_unit(code=code, parent=units[parent], **names, by=by)
        else:
            units[code] = organisation(code, name_zh, name_en, kind)
    return units


def _people(units: dict[str, Unit], by: User) -> None:
    for number, (username, name, code, unit, zh, en, roles, reach) in enumerate(facts()["people"], 1):
        person = create_person(staff_no=f"SQ{number:04d}", name=name, joined_on=FOUNDED, by=by)
        post = create_post(code=code, name_zh=zh, name_en=en, unit=units[unit], by=by)
        assign_post(person=person, post=post, from_on=FOUNDED, by=by)
        add_log_in(username, person)
        for role in roles:
            grant_role(role=Role.objects.get(code=role), post=post, unit=units[reach], from_on=FOUNDED, by=by)


def _contracts(units: dict[str, Unit], year: Period, by: User) -> None:
    names = ("name_zh", "name_en", "formula_zh", "formula_en", "unit_zh", "unit_en", "direction", "combine", "source")
    for code, *words in facts()["indicators"]:
        given = dict(zip(names, words, strict=True))
        plans.save_indicator(code=code, **given, rule=facts()["rules"][code], by=by)
    for kind, unit, party_a, party_b, targets in facts()["contracts"]:
        parties = {"party_a": _person(party_a), "person": _person(party_b)}
        contract = plans.create_contract(period=year, unit=units[unit], kind=kind, **parties, by=by)
        for code, weight, threshold, target, challenge in targets:
            plans.save_target(
                contract=contract,
                indicator=Indicator.objects.get(code=code),
                weight_bp=weight * 100,
                threshold_e4=_e4(threshold),
                target_e4=parse_number(str(target)),
                challenge_e4=_e4(challenge),
                by=by,
            )
        plans.offer_contract(contract=contract, by=by)
        for name in (party_a, party_b):
            plans.sign_contract(contract=contract, by=who(name))


def _e4(value: Any) -> int | None:
    return None if value == "" else parse_number(str(value))


def _target(username: str, code: str) -> Target:
    rows = Target.objects.select_related("indicator", "contract__period", "contract__unit", "contract__person__user")
    return rows.get(contract__person__user__username=username, indicator__code=code)


def _carry() -> None:
    by = who("sq_gm")
    for child, parent, code, share, covers in facts()["carries"]:
        pair = {"child": _target(child, code), "parent": _target(parent, code)}
        plans.contribute(**pair, share_bp=share * 100, covers_bp=None if covers == "" else covers * 100, by=by)


def _charter(year: Period) -> None:
    by = who("sq_hr")
    contract = Contract.objects.get(period=year, kind="company", unit__code="SQ")
    charter = plans.draft_charter(
        contract=contract,
        preamble_zh="本年度以收费与满意两项结果为中心，指标落实到部门和个人，按月质询，按约考核。",
        preamble_en="This year is about two results, fees collected and owners satisfied: broken down to everybody, "
        "questioned monthly, appraised as agreed.",
        by=by,
    )
    plans.approve_charter(charter=charter, by=who("sq_chair"))
    plans.publish_charter(charter=charter, acknowledge_by=local_today() + timedelta(days=14), by=by)
    published: Any = charter.publication  # publishing made it
    for username in HAVE_READ:
        acknowledge(publication=published, by=who(username))


def _budgets(units: dict[str, Unit], year: Period, by: User) -> None:
    for code, zh, en, income, hard, unit, yuan, committed, spent in facts()["budgets"]:
        account = plans.save_budget_account(code=code, name_zh=zh, name_en=en, income=income, hard=hard, by=by)
        line = plans.set_budget(unit=units[unit], account=account, period=year, amount_fen=yuan * 100, by=by)
        money: dict[str, Any] = {"line": line, "on": year.from_on, "by": by}
        if committed:
            plans.commit_money(**money, amount_fen=committed * 100, text=f"{zh}合同")
        plans.spend_money(**money, amount_fen=spent * 100, text=f"{zh}（上半年）")


def _actuals(year: Period) -> None:
    months = list(Period.objects.filter(parent__parent=year, kind="month").order_by("from_on"))
    over = [month for month in months if month.until_on <= local_today()]
    checker = who("sq_finance")
    for username, code, values in facts()["actuals"]:
        target = _target(username, code)
        for month, value in zip(over, values, strict=False):
            facts_: dict[str, Any] = {"target": target, "period": month, "value_e4": parse_number(str(value))}
            actual = tracking.report_actual(**facts_, by=who(username))
            if month != over[-1]:
                tracking.verify_actual(actual=actual, by=checker)


def _rollout(company: Unit, year: Period) -> None:
    by = who("sq_gm")
    days: dict[str, Any] = {"from_on": year.from_on, "until_on": year.until_on}
    names: dict[str, Any] = {"name_zh": "4R 管理推行方案", "name_en": "Introducing 4R management"}
    plan = tracking.save_rollout(code=f"4R-{year}", **names, unit=company, **days, by=by)
    for r, gap, gap_en, goal, goal_en, aim, now, far, title, result, owner, checker, month in facts()["rollout"]:
        words = {"gap_zh": gap, "gap_en": gap_en, "goal_zh": goal, "goal_en": goal_en}
        kind = "quality" if aim == "" else "number"
        made = tracking.save_goal(plan=plan, r=r, **words, kind=kind, aim_e4=_e4(aim), by=by)
        if now != "" or far:
            tracking.weigh_goal(goal=made, reached_e4=_e4(now), verdict=far, by=by)
        due = date(year.from_on.year, month, 28)
        people = {"owner": _person(owner), "checker": _person(checker)}
        task = tracking.create_action(
            title=title, result=result, unit=company, **people, due_on=due, kind="rollout", goal=made, by=by
        )
        if due < local_today() and r != 2:  # noqa: PLR2004  # R2 is late, so that a demonstration shows how that looks
            tracking.finish_action(task=task, outcome=result, by=who(owner))
            tracking.check_action(task=task, good=True, by=who(checker))


def _sessions(company: Unit, year: Period) -> None:
    by = who("sq_gm")
    today = local_today()
    over = Period.objects.filter(parent__parent=year, kind="month", until_on__lt=today).order_by("-from_on")
    month = over.first() or Period.objects.filter(parent__parent=year, kind="month").order_by("from_on")[0]
    people = {"host": _person("sq_gm"), "recorder": _person("sq_hr")}
    reporters = [_person("sq_service"), _person("sq_repairs")]
    common = {"kind": "challenge", "unit": company, **people, "reporters": reporters, "by": by}
    held = tracking.plan_session(
        **common, title=f"{month} 业绩质询会", period=month, held_on=today - timedelta(days=25)
    )
    first = held.seats.get(person=reporters[0])
    cause = "二区收费率低于约定：空置户与历史欠费集中，催缴只靠电话。"
    outlook = "二区收费率每月提高 0.8 个百分点；三户历史欠费签订分期协议。"
    tracking.write_report(session=held, seat=first, cause=cause, outlook=outlook, questions="问：为何不上门？", by=by)
    decisions = (
        ("逐户上门催缴二区欠费前三十户", "三十户全部见面，二十户缴清或签分期", "sq_service", 5),
        ("增设周六维修班", "零修及时率保持 96 % 以上", "sq_repairs", 9),
    )
    for title, result, owner, days in decisions:
        due = today + timedelta(days=days)
        pair = {"owner": _person(owner), "checker": _person("sq_hr")}
        tracking.decide(session=held, title=title, result=result, **pair, due_on=due, by=by)
    tracking.finish_action(task=held.decisions.get(owner=reporters[1]), outcome="已排班四周", by=who("sq_repairs"))
    tracking.hold_session(session=held, minutes="一、客户服务部述职并答复质询。\n二、工程维修部述职。", by=by)
    for username in ("sq_gm", "sq_hr", "sq_service", "sq_repairs"):
        tracking.confirm_minutes(session=held, by=who(username))
    tracking.plan_session(**common, title="本月业绩质询会", period=month, held_on=today + timedelta(days=3))
    note = "谈了二区催缴的办法：先核对空置户名单，再按欠费年限分组上门。"
    keeper = {"person": _person("sq_keeper2"), "unit": Unit.objects.get(code="SQ-KF")}
    tracking.coach(**keeper, text=note, agreed="本周五前交出空置户名单", by=who("sq_service"))
