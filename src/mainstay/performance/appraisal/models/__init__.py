"""Appraisal and reward (R4)."""

from mainstay.performance.appraisal.models.appraisals import Appeal, Appraisal, AppraisalChange, Interview
from mainstay.performance.appraisal.models.careers import CareerPlan
from mainstay.performance.appraisal.models.ratings import Criterion, RaterSeverity, Rating, RatingTask, SeverityRun
from mainstay.performance.appraisal.models.rewards import BonusPool, Consequence, PostFactor
from mainstay.performance.appraisal.models.rounds import GradeScheme, Round

__all__ = [
    "Appeal",
    "Appraisal",
    "AppraisalChange",
    "BonusPool",
    "CareerPlan",
    "Consequence",
    "Criterion",
    "GradeScheme",
    "Interview",
    "PostFactor",
    "RaterSeverity",
    "Rating",
    "RatingTask",
    "Round",
    "SeverityRun",
]
