"""Rechecks: another person looks, two for a serious hazard; then it is written off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, refuse
from mainstay.core.todos.actions import close_todos
from mainstay.inspection.hazards import rules
from mainstay.inspection.hazards.actions.common import about, campaign_unit_of, claim, note
from mainstay.inspection.hazards.models import Acceptance, Hazard, HazardStep
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User


@action("inspection.hazards.recheck_hazard", title=_("Recheck a hazard"), unit=campaign_unit_of, subject=about)
def recheck_hazard(*, hazard: Hazard, good: bool, note_text: str, by: User) -> Hazard:
    """Look again at what the unit reported: accept, or send back with a reason.

    A serious hazard is accepted by two different people. Refused for the one who put it right. Raises Problem.
    """
    claim(hazard, Hazard.State.ACCEPTED if good else Hazard.State.REJECTED)
    assert hazard.rectifier_id is not None  # noqa: S101 - a reported hazard has a rectifier, the database holds it
    if by.pk == hazard.rectifier_id:
        refuse(_("Who put it right does not accept it: another person has to look."))
    if not note_text.strip():
        raise Problem(_("Say what you saw."), field="note_text", code="no_note")
    turn = hazard.acceptances.filter(good=False).values("round").distinct().count() + 1
    if hazard.acceptances.filter(round=turn, by=by).exists():
        raise Problem(_("You have accepted it already; a second person has to look too."), code="same_person")
    Acceptance.objects.create(
        hazard=hazard, round=turn, by=by, rectifier_id=hazard.rectifier_id, good=good, note=note_text.strip()
    )  # fmt: skip
    if not good:
        return _send_back(hazard, note_text, by)
    note(hazard, HazardStep.What.ACCEPTED, by, note_text)
    who = hazard.acceptances.filter(round=turn, good=True).values_list("by", flat=True)
    if rules.is_accepted(hazard.level, who, hazard.rectifier_id):
        hazard.state = Hazard.State.ACCEPTED
        hazard.save(update_fields=["state"])
        close_todos(kind="recheck", subject=about(hazard), by=by)
    note_change(after={"good": True, "state": hazard.state})
    return hazard


def _send_back(hazard: Hazard, why: str, by: User) -> Hazard:
    hazard.state = Hazard.State.REJECTED
    hazard.save(update_fields=["state"])
    note(hazard, HazardStep.What.REJECTED, by, why)
    close_todos(kind="recheck", subject=about(hazard), by=by)
    note_change(after={"good": False, "state": "rejected"}, reason=why[:200])
    return hazard


@action("inspection.hazards.close_hazard", title=_("Write a hazard off"), unit=campaign_unit_of, subject=about)
def close_hazard(*, hazard: Hazard, by: User) -> Hazard:
    """Write an accepted hazard off (销号). Refused for the one who put it right."""
    claim(hazard, Hazard.State.CLOSED)
    if by.pk == hazard.rectifier_id:
        refuse(_("Who put it right does not accept it: another person has to look."))
    hazard.state, hazard.closed_on, hazard.closed_by = Hazard.State.CLOSED, local_today(), by
    hazard.save(update_fields=["state", "closed_on", "closed_by"])
    note(hazard, HazardStep.What.CLOSED, by)
    for notice in hazard.notices.all():
        if not notice.hazards.unfinished().exists():
            close_todos(kind="rectification", subject=f"hazards.notice:{notice.pk}", by=by)
    note_change(before={"state": "accepted"}, after={"state": "closed"})
    return hazard
