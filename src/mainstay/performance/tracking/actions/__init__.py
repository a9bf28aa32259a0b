"""Every write of tracking and review."""

from mainstay.performance.tracking.actions.actuals import (
    dispute_actual,
    fetch_actuals,
    report_actual,
    verify_actual,
)
from mainstay.performance.tracking.actions.rollout import save_goal, save_rollout, weigh_goal
from mainstay.performance.tracking.actions.sessions import (
    coach,
    confirm_minutes,
    decide,
    hold_session,
    plan_session,
    write_report,
)
from mainstay.performance.tracking.actions.tasks import (
    approve_work_plan,
    check_action,
    create_action,
    fail_action,
    finish_action,
    write_work_plan,
)

__all__ = [
    "approve_work_plan",
    "check_action",
    "coach",
    "confirm_minutes",
    "create_action",
    "decide",
    "dispute_actual",
    "fail_action",
    "fetch_actuals",
    "finish_action",
    "hold_session",
    "plan_session",
    "report_actual",
    "save_goal",
    "save_rollout",
    "verify_actual",
    "weigh_goal",
    "write_report",
    "write_work_plan",
]
