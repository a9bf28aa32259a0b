"""Homes with a serious hazard that is overdue: a proposal to stop supply, which a person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.todos.actions import close_todos
from mainstay.inspection.hazards.actions.common import about, campaign_unit_of, claim, note
from mainstay.inspection.hazards.models import WITH_UNIT, Hazard, HazardStep
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User

KIND = "stop_supply"


@action(
    "inspection.hazards.decide_supply",
    title=_("Decide whether supply is stopped"),
    unit=campaign_unit_of,
    subject=about,
)
def decide_supply(*, hazard: Hazard, stop: bool, reason: str, by: User) -> Hazard:
    """Decide on the proposal for a home; the counter is told. Raises Problem: no home, not overdue, no reason."""
    claim(hazard)
    if hazard.campaign.kind != "household" or hazard.level != "major":
        raise Problem(_("Supply is stopped only for a serious hazard at a home."), code="no_home")
    if hazard.state not in WITH_UNIT or not hazard.days_over:
        raise Problem(_("This hazard is not overdue."), code="not_overdue")
    if not reason.strip():
        raise Problem(_("Say why."), field="reason", code="no_reason")
    note(hazard, HazardStep.What.STOPPED if stop else HazardStep.What.KEPT, by, reason)
    close_todos(kind=KIND, subject=about(hazard), by=by)
    note_change(after={"stop": stop}, reason=reason)
    return hazard
