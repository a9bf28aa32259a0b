"""Responsibility (R2): analyses, descriptions, processes, qualifications."""

from mainstay.performance.posts.models.analysis import AnalysisAnswer, JobAnalysis
from mainstay.performance.posts.models.descriptions import Consultation, Duty, PostDescription, ReportingLine
from mainstay.performance.posts.models.processes import ProcessStep, WorkProcess
from mainstay.performance.posts.models.qualifications import HeldQualification, Qualification, Requirement, Training

__all__ = [
    "AnalysisAnswer",
    "Consultation",
    "Duty",
    "HeldQualification",
    "JobAnalysis",
    "PostDescription",
    "ProcessStep",
    "Qualification",
    "ReportingLine",
    "Requirement",
    "Training",
    "WorkProcess",
]
