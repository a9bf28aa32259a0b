"""Actions, work plans, sessions, coaching and the roll-out plan through the door."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.core.door import Refused
from mainstay.core.todos.models import Todo
from mainstay.kit.errors import Problem
from mainstay.performance.tracking import actions
from mainstay.performance.tracking.models import Action, CoachingNote, RolloutGoal, Session
from mainstay.performance.tracking.queries import coaching_of
from tests.core.make import make_unit, make_user
from tests.performance.make import make_employee, make_year, person_of

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 1)
VERBS = (
    "create_action", "finish_action", "check_action", "fail_action", "write_work_plan", "approve_work_plan",
    "plan_session", "write_report", "decide", "hold_session", "coach", "save_rollout", "save_goal", "weigh_goal",
)  # fmt: skip


def problem_of(act: Any, **facts: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        act(**facts)
    return caught.value


@pytest.fixture
def chief() -> Any:
    return make_user(rights={f"performance.tracking.{verb}": ("all", None) for verb in VERBS})


def opened(chief: Any, **facts: Any) -> Action:
    unit = facts.pop("unit", None) or make_unit()
    given: dict[str, Any] = {
        "title": "清缴欠费", "result": "欠费户减半", "unit": unit, "owner": person_of(make_employee(unit)),
        "checker": person_of(make_employee(unit)), "due_on": DUE, "by": chief,
    }  # fmt: skip
    return actions.create_action(**{**given, **facts})


def test_one_owner_another_checker(chief: Any) -> None:
    unit = make_unit()
    worker = make_employee(unit)
    facts: dict[str, Any] = {"owner": person_of(worker), "checker": person_of(worker)}
    assert problem_of(opened, chief=chief, **facts).field == "checker"
    task = opened(chief, unit=unit, owner=person_of(worker))
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=task.pk).update(checker=task.owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=task.pk).update(owner=None)
    assert Todo.objects.get(user=worker, done_at=None).due_at is not None
    assert problem_of(actions.finish_action, task=task, outcome=" ", by=chief).field == "outcome"
    actions.finish_action(task=task, outcome="减少 60%", by=chief)
    assert Todo.objects.get(done_at=None).user == task.checker.user
    assert problem_of(actions.check_action, task=task, good=False, by=chief).field == "verdict"
    actions.check_action(task=task, good=False, verdict="缺名单", by=chief)
    assert task.state == "open" and Todo.objects.get(done_at=None).user == worker
    actions.finish_action(task=task, outcome="附名单", by=chief)
    actions.check_action(task=task, good=True, by=chief)
    assert task.state == "verified" and not Todo.objects.filter(done_at=None).exists()
    assert problem_of(actions.fail_action, task=task, reason="x", by=chief).code == "wrong_state"


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(owner=st.integers(0, 3), checker=st.integers(0, 3))
def test_no_pair_of_people_makes_an_action_of_one(chief: Any, owner: int, checker: int) -> None:
    unit = make_unit()
    people = [person_of(make_employee(unit)) for _number in range(4)]
    facts: dict[str, Any] = {"unit": unit, "owner": people[owner], "checker": people[checker]}
    if owner == checker:
        problem_of(opened, chief=chief, **facts)
    else:
        assert opened(chief, **facts).owner == people[owner]


def test_only_owner_and_checker_act_with_the_right_of_their_own() -> None:
    unit = make_unit()
    own = {f"performance.tracking.{verb}": ("own", None) for verb in ("finish_action", "check_action")}
    worker, other = make_user(rights=own, unit=unit), make_user(rights=own, unit=unit)
    by = make_user(rights={"performance.tracking.create_action": ("all", None)})
    task = opened(by, unit=unit, owner=person_of(worker), checker=person_of(other))
    with pytest.raises(Refused):
        actions.finish_action(task=task, outcome="好", by=other)
    actions.finish_action(task=task, outcome="好", by=worker)
    with pytest.raises((Refused, Problem)):
        actions.check_action(task=task, good=True, by=worker)
    assert actions.check_action(task=task, good=True, by=other).state == "verified"


def test_a_work_plan_is_approved_by_another_once_it_has_actions(chief: Any) -> None:
    unit, month = make_unit(), make_year()["2026-03"]
    plan = actions.write_work_plan(unit=unit, period=month, summary="清欠", by=chief)
    assert problem_of(actions.approve_work_plan, plan=plan, by=chief).code == "own_plan"
    boss = make_user(rights={"performance.tracking.approve_work_plan": ("subtree", None)}, unit=unit)
    assert problem_of(actions.approve_work_plan, plan=plan, by=boss).code == "empty"
    opened(chief, unit=unit, kind="work", work_plan=plan)
    assert actions.approve_work_plan(plan=plan, by=boss).state == "approved"
    again = actions.write_work_plan(unit=unit, period=month, summary="清欠与巡检", by=chief)
    assert (again.pk, again.state, again.approved_by) == (plan.pk, "draft", None)


def planned(chief: Any, unit: Any, people: list[Any], **facts: Any) -> Session:
    host, recorder, *reporters = (person_of(one) for one in people)
    given: dict[str, Any] = {
        "kind": "challenge", "title": "三月质询", "unit": unit, "period": make_year()["2026-03"],
        "held_on": date(2026, 4, 3), "host": host, "recorder": recorder, "reporters": reporters, "by": chief,
    }  # fmt: skip
    return actions.plan_session(**{**given, **facts})


def test_a_challenge_session_from_plan_to_confirmed_minutes(chief: Any) -> None:
    unit = make_unit()
    people = [make_employee(unit, name) for name in ("总经理", "总裁助理", "客服经理", "工程经理")]
    host, recorder, first, second = people
    same = {"host": person_of(host), "recorder": person_of(host)}
    assert problem_of(planned, chief=chief, unit=unit, people=people, **same).field == "recorder"
    assert problem_of(planned, chief=chief, unit=unit, people=people, reporters=[]).field == "reporters"
    session = planned(chief, unit, people)
    assert list(session.seats.values_list("reports", flat=True)) == [True, True, False, False]
    seat = session.seats.all()[0]
    actions.write_report(session=session, seat=seat, cause="人手不足", outlook="补两人", by=chief)
    facts: dict[str, Any] = {"session": session, "title": "补招", "result": "到岗两人", "due_on": DUE, "by": chief}
    decision = actions.decide(**facts, owner=person_of(first), checker=person_of(recorder))
    assert decision.kind == "decision" and Todo.objects.filter(user=first, done_at=None).count() == 1
    assert problem_of(actions.hold_session, session=session, minutes=" ", by=chief).field == "minutes"
    assert problem_of(actions.confirm_minutes, session=session, by=first).code == "no_minutes"
    actions.hold_session(session=session, minutes="一、……", by=chief)
    with pytest.raises(Refused):
        actions.confirm_minutes(session=session, by=chief)
    for one in (host, recorder, first, first):
        actions.confirm_minutes(session=session, by=one)
    assert session.state == "held"
    actions.confirm_minutes(session=session, by=second)
    assert session.state == "confirmed"
    assert problem_of(actions.decide, **facts, owner=person_of(first), checker=person_of(host)).code == "confirmed"
    following = planned(chief, unit, people, held_on=date(2026, 5, 4))
    assert following.previous == session and list(following.previous.decisions.all()) == [decision]


def test_a_stage_review_ends_with_lessons(chief: Any) -> None:
    unit = make_unit()
    session = planned(chief, unit, [make_employee(unit) for _n in range(3)], kind="review")
    assert problem_of(actions.hold_session, session=session, minutes="一", by=chief).field == "lessons"
    assert actions.hold_session(session=session, minutes="一", lessons="早排班", by=chief).state == "held"


def test_coaching_stays_between_two_and_those_who_may(chief: Any) -> None:
    unit = make_unit()
    worker, colleague = make_employee(unit), make_employee(unit)
    facts: dict[str, Any] = {"unit": unit, "text": "谈了回访方法", "by": chief}
    assert problem_of(actions.coach, **facts, person=person_of(chief)).field == "person"
    note = actions.coach(**facts, person=person_of(worker), agreed="下周试行")
    pk = person_of(worker).pk
    assert [coaching_of(user, pk).count() for user in (worker, chief, colleague)] == [1, 1, 0]
    officer = make_user(rights={"performance.tracking.view_coaching": ("subtree", None)}, unit=unit)
    assert coaching_of(officer, pk).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        CoachingNote.objects.filter(pk=note.pk).update(text="别的")


def test_the_roll_out_plan(chief: Any) -> None:
    unit = make_unit()
    facts: dict[str, Any] = {"code": "4R-2026", "name_zh": "4R推行方案", "unit": unit, "by": chief}
    days = {"from_on": date(2026, 3, 1), "until_on": date(2026, 2, 1)}
    assert problem_of(actions.save_rollout, **facts, **days).field == "until_on"
    days["until_on"] = date(2026, 12, 31)
    plan = actions.save_rollout(**facts, **days)
    assert problem_of(actions.save_rollout, **facts, **days).field == "code"
    goal: dict[str, Any] = {"plan": plan, "r": 1, "gap_zh": "指标未分解到人", "goal_zh": "人人有指标", "by": chief}
    assert problem_of(actions.save_goal, **goal, kind="number").field == "aim"
    number = actions.save_goal(**goal, kind="number", aim_e4=1_000_000)
    quality = actions.save_goal(**goal)
    assert (number.position, quality.position) == (1, 2)
    assert problem_of(actions.weigh_goal, goal=number, by=chief).field == "reached"
    assert problem_of(actions.weigh_goal, goal=quality, by=chief).field == "verdict"
    actions.weigh_goal(goal=number, reached_e4=800_000, by=chief)
    opened(chief, unit=unit, kind="rollout", goal=number)
    assert RolloutGoal.objects.get(pk=number.pk).actions.count() == 1
