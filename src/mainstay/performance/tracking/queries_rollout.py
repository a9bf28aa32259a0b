"""The board of a roll-out plan: per R its goals with their actions and progress."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from mainstay.performance.tracking.models import Action, RolloutGoal, RolloutPlan
from mainstay.performance.tracking.rules import progress_bp


@dataclass
class GoalLine:
    """A goal with its actions."""

    goal: RolloutGoal
    actions: list[Action] = field(default_factory=list)

    @property
    def percent(self) -> int:
        """How far its actions are."""
        return progress_bp(action.state for action in self.actions) // 100


@dataclass
class Part:
    """One R: its goals, and how far all their actions are."""

    r: int
    title: Any
    lines: list[GoalLine]

    @property
    def percent(self) -> int:
        """How far the actions of this R are."""
        return progress_bp(action.state for line in self.lines for action in line.actions) // 100

    @property
    def counts(self) -> tuple[int, int]:
        """Actions that are verified, and all of them."""
        states = [action.state for line in self.lines for action in line.actions]
        return states.count(Action.State.VERIFIED), len(states)


def board_of(plan: RolloutPlan) -> list[Part]:
    """Return the four parts of a plan in order: two queries."""
    lines: dict[int, GoalLine] = {goal.pk: GoalLine(goal) for goal in plan.goals.all()}
    for action in Action.objects.filter(goal__plan=plan).select_related("owner", "checker").order_by("due_on", "id"):
        if action.goal_id in lines:
            lines[action.goal_id].actions.append(action)
    by_r: dict[int, list[GoalLine]] = defaultdict(list)
    for line in lines.values():
        by_r[line.goal.r].append(line)
    return [Part(r, RolloutGoal.R(r).label, by_r.get(r, [])) for r in RolloutGoal.R.values]
