"""The pages of tracking and review."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from mainstay.core.organisation.models import Unit
from mainstay.performance.plans.queries import VIEW as CONTRACTS
from mainstay.performance.tracking.models import Action, Actual, RolloutGoal, RolloutPlan, Seat, Session, WorkPlan
from mainstay.performance.tracking.queries import VIEW, VIEW_SESSIONS
from tests.core.make import make_user
from tests.pages.battery import Page, Rows, battery
from tests.performance import make

ACT = "performance.tracking."
DUE = date(2026, 12, 1)


def action(unit: Unit, **facts: Any) -> dict[str, Any]:
    owner, checker = (make.person_of(make.make_employee(unit)) for _n in range(2))
    given: dict[str, Any] = {"title": "清欠", "result": "欠费减半", "steps": "一\n二", "due_on": DUE, "unit": unit}
    one = Action.objects.create(
        **{**given, **facts}, owner=owner, checker=checker, opened_by=make_user(), opened_at=timezone.now()
    )
    return {"pk": one.pk}


def done(unit: Unit) -> dict[str, Any]:
    return action(unit, state="done", outcome="好")


def actual(unit: Unit) -> dict[str, Any]:
    target = make.make_signed(unit=unit).targets.all()[0]
    facts = {"period": make.make_year()["2026Q1"], "reported_by": make_user(), "reported_at": timezone.now()}
    return {"pk": Actual.objects.create(target=target, value_e4=1, **facts).pk}


def target(unit: Unit) -> dict[str, Any]:
    return {"pk": make.make_signed(unit=unit).targets.all()[0].pk}


def work_plan(unit: Unit) -> dict[str, Any]:
    periods = list(make.make_year().values())
    free = periods[WorkPlan.objects.filter(unit=unit).count()]
    plan = WorkPlan.objects.create(unit=unit, period=free, summary="重点", written_by=make_user())
    action(unit, kind="work", work_plan=plan)
    return {"pk": plan.pk}


def session(unit: Unit) -> dict[str, Any]:
    host, recorder, reporter = (make.make_employee(unit) for _n in range(3))
    make.make_signed(unit=unit, superior=host, employee=reporter)
    one = Session.objects.create(
        kind="challenge", title="质询", unit=unit, period=make.make_year()["2026-03"], held_on=DUE,
        host=make.person_of(host), recorder=make.person_of(recorder), minutes="一\n二", lessons="三",
    )  # fmt: skip
    Seat.objects.create(session=one, person=make.person_of(reporter))
    action(unit, kind="decision", session=one)
    return {"pk": one.pk}


def report(unit: Unit) -> dict[str, Any]:
    pk = session(unit)["pk"]
    return {"pk": pk, "seat": Seat.objects.get(session=pk).pk}


def rollout(unit: Unit) -> dict[str, Any]:
    number = RolloutPlan.objects.count()
    plan = RolloutPlan.objects.create(code=f"R{number}", name_zh="推行", unit=unit, from_on=DUE, until_on=DUE)
    for r in (1, 1, 3):
        RolloutGoal.objects.create(plan=plan, r=r, gap_zh="差距", goal_zh="目标")
    action(unit, kind="rollout", goal=plan.goals.all()[0])
    return {"pk": plan.pk}


def goal(unit: Unit) -> dict[str, Any]:
    return {"pk": RolloutGoal.objects.filter(plan=rollout(unit)["pk"])[0].pk}


TestActions = battery(
    Page("tracking:my_page", None, Rows(session), extra=(VIEW_SESSIONS,)),
    Page("tracking:action_list", None, Rows(action), extra=(VIEW,)),
    Page("tracking:action_detail", None, action, extra=(VIEW,)),
    Page("tracking:action_create", f"{ACT}create_action"),
    Page("tracking:action_finish", f"{ACT}finish_action", action, extra=(VIEW,)),
    Page("tracking:action_check", f"{ACT}check_action", done, extra=(VIEW,)),
    Page("tracking:action_fail", f"{ACT}fail_action", action, extra=(VIEW,)),
    Page("tracking:work_plan_list", VIEW, Rows(work_plan)),
    Page("tracking:work_plan_detail", VIEW, work_plan),
    Page("tracking:work_plan_write", f"{ACT}write_work_plan"),
    Page("tracking:work_plan_approve", f"{ACT}approve_work_plan", work_plan),
    Page("tracking:work_plan_action", f"{ACT}create_action", work_plan),
)

TestActuals = battery(
    Page("tracking:actual_list", None, Rows(actual), extra=(CONTRACTS,)),
    Page("tracking:actual_detail", None, actual, extra=(CONTRACTS,)),
    Page("tracking:actual_report", f"{ACT}report_actual", target, extra=(CONTRACTS,)),
    Page("tracking:actual_verify", f"{ACT}verify_actual", actual, extra=(CONTRACTS,)),
    Page("tracking:actual_dispute", f"{ACT}dispute_actual", actual, extra=(CONTRACTS,)),
    Page("tracking:actual_fetch", f"{ACT}fetch_actuals"),
)

TestSessions = battery(
    Page("tracking:session_list", None, Rows(session), extra=(VIEW_SESSIONS,)),
    Page("tracking:session_detail", None, session, extra=(VIEW_SESSIONS,)),
    Page("tracking:session_projector", None, session, extra=(VIEW_SESSIONS,)),
    Page("tracking:session_plan", f"{ACT}plan_session"),
    Page("tracking:session_decide", f"{ACT}decide", session, extra=(VIEW_SESSIONS,)),
    Page("tracking:session_hold", f"{ACT}hold_session", session, extra=(VIEW_SESSIONS,)),
    Page("tracking:session_confirm", None, session, extra=(VIEW_SESSIONS,)),
    Page("tracking:session_report", f"{ACT}write_report", report, extra=(VIEW_SESSIONS,)),
    Page("tracking:coach", f"{ACT}coach"),
)

TestRollout = battery(
    Page("tracking:rollout_list", VIEW, Rows(rollout)),
    Page("tracking:rollout_detail", VIEW, rollout),
    Page("tracking:rollout_create", f"{ACT}save_rollout"),
    Page("tracking:rollout_change", f"{ACT}save_rollout", rollout),
    Page("tracking:goal_create", f"{ACT}save_goal", rollout),
    Page("tracking:goal_weigh", f"{ACT}weigh_goal", goal),
    Page("tracking:goal_action", f"{ACT}create_action", goal),
)
