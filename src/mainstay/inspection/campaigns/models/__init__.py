"""Campaigns with their groups and targets, and what inspectors recorded."""

from mainstay.inspection.campaigns.models.plan import (
    Assignment,
    Campaign,
    GroupMember,
    InspectionGroup,
    Organiser,
    Target,
)
from mainstay.inspection.campaigns.models.records import Answer, Inspection, NumberBlock, Photo, Signature

__all__ = [
    "Answer",
    "Assignment",
    "Campaign",
    "GroupMember",
    "Inspection",
    "InspectionGroup",
    "NumberBlock",
    "Organiser",
    "Photo",
    "Signature",
    "Target",
]
