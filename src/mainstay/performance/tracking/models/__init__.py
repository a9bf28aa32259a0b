"""Tracking and review (R3)."""

from mainstay.performance.tracking.models.actions import Action, WorkPlan
from mainstay.performance.tracking.models.actuals import Actual
from mainstay.performance.tracking.models.rollout import RolloutGoal, RolloutPlan
from mainstay.performance.tracking.models.sessions import CoachingNote, Report, Seat, Session

__all__ = [
    "Action",
    "Actual",
    "CoachingNote",
    "Report",
    "RolloutGoal",
    "RolloutPlan",
    "Seat",
    "Session",
    "WorkPlan",
]
