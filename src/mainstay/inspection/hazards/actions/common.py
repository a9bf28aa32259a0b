"""What acts on hazards share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mainstay.inspection.hazards.models import Hazard, HazardStep
from mainstay.inspection.hazards.states import HAZARD
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User


def unit_of(hazard: Hazard, **_facts: Any) -> int:
    """The unit an act touches: the one responsible."""
    return hazard.unit_id


def campaign_unit_of(hazard: Hazard, **_facts: Any) -> int:
    """The unit of those who inspect: the campaign's lead organiser."""
    return hazard.campaign.unit_id


def about(hazard: Hazard, **_facts: Any) -> str:
    """The text under which an act is found."""
    return f"hazards.hazard:{hazard.pk}"


def claim(hazard: Hazard, target: str | None = None) -> Hazard:
    """Lock a hazard, read it again, and make sure that it may become `target`."""
    lock("hazard", hazard.pk)
    hazard.refresh_from_db()
    if target is not None:
        HAZARD.require(hazard.state, target)
    return hazard


def note(hazard: Hazard, what: str, by: User, text: str = "") -> HazardStep:
    """Add a step to the history of a hazard."""
    return HazardStep.objects.create(hazard=hazard, what=what, by=by, note=text[:500])
