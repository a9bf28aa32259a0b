"""The roll-out plan: gaps, goals, and how far they are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.kit.errors import Problem
from mainstay.performance.tracking.models import RolloutGoal, RolloutPlan

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit


def _unit(plan: RolloutPlan | None = None, unit: Unit | None = None, **facts: Any) -> int | None:
    goal = facts.get("goal")
    if plan is None and goal is not None:
        plan = goal.plan
    return plan.unit_id if plan else unit.pk if unit else None


@action("performance.tracking.save_rollout", title=_("Create or change a roll-out plan"), unit=_unit)
def save_rollout(
    *,
    code: str,
    name_zh: str,
    unit: Unit,
    from_on: date,
    until_on: date,
    name_en: str = "",
    plan: RolloutPlan | None = None,
    by: User,
) -> RolloutPlan:
    """Create a roll-out plan or change its frame. Raises Problem: code taken, days."""
    if until_on < from_on:
        raise Problem(_("The last day lies before the first."), field="until_on", code="dates")
    if RolloutPlan.objects.filter(code=code.strip()).exclude(pk=plan.pk if plan else 0).exists():
        raise Problem(_("This code is taken. Choose another."), field="code", code="code_taken")
    found = plan or RolloutPlan()
    found.code, found.name_zh, found.name_en = code.strip(), name_zh.strip(), name_en.strip()
    found.unit, found.from_on, found.until_on = unit, from_on, until_on
    found.save()
    note_change(after={"code": found.code})
    return found


@action("performance.tracking.save_goal", title=_("Set a gap and its goal"), unit=_unit)
def save_goal(
    *,
    plan: RolloutPlan,
    r: int,
    gap_zh: str,
    goal_zh: str,
    kind: str = RolloutGoal.Kind.QUALITY,
    aim_e4: int | None = None,
    gap_en: str = "",
    goal_en: str = "",
    goal: RolloutGoal | None = None,
    by: User,
) -> RolloutGoal:
    """Add a gap of one R with the goal that closes it, or change one. Raises Problem: a number needs its number."""
    if kind == RolloutGoal.Kind.NUMBER and aim_e4 is None:
        raise Problem(_("A goal stated as a number needs the number."), field="aim", code="no_number")
    last = plan.goals.filter(r=r).aggregate(last=Max("position"))["last"] or 0
    found = goal or RolloutGoal(plan=plan, position=last + 1)
    found.r, found.kind, found.aim_e4 = r, kind, aim_e4 if kind == RolloutGoal.Kind.NUMBER else None
    found.gap_zh, found.gap_en, found.goal_zh, found.goal_en = (
        gap_zh.strip(), gap_en.strip(), goal_zh.strip(), goal_en.strip(),
    )  # fmt: skip
    found.save()
    note_change(after={"plan": plan.code, "r": r, "kind": kind})
    return found


@action("performance.tracking.weigh_goal", title=_("Say how far a goal is"), unit=_unit)
def weigh_goal(*, goal: RolloutGoal, reached_e4: int | None = None, verdict: str = "", by: User) -> RolloutGoal:
    """Note the number reached, or in words how far a quality is. Raises Problem when neither is given."""
    if goal.kind == RolloutGoal.Kind.NUMBER and reached_e4 is None:
        raise Problem(_("Give the number that is reached now."), field="reached", code="no_number")
    if goal.kind == RolloutGoal.Kind.QUALITY and not verdict.strip():
        raise Problem(_("Say in words how far it is."), field="verdict", code="empty")
    note_change(before={"reached_e4": goal.reached_e4}, after={"reached_e4": reached_e4})
    goal.reached_e4, goal.verdict = reached_e4, verdict.strip()[:300]
    goal.save(update_fields=["reached_e4", "verdict"])
    return goal
