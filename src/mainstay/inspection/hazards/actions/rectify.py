"""What the inspected unit does: plans, extends once, shows evidence, reports."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.evidence.actions import store_file
from mainstay.core.todos.actions import open_todo
from mainstay.inspection.hazards import rules
from mainstay.inspection.hazards.actions.common import about, campaign_unit_of, claim, note, unit_of
from mainstay.inspection.hazards.models import Hazard, HazardStep
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.evidence.models import Attachment

RECHECK = "inspection.hazards.recheck_hazard"
PARTS = {
    "duty": _("responsible person"),
    "measures": _("measures of rectification"),
    "funds": _("funds"),
    "deadline": _("planned end"),
    "plan": _("precautions meanwhile"),
}


@action("inspection.hazards.plan_rectification", title=_("Plan how to put a hazard right"), unit=unit_of, subject=about)
def plan_rectification(
    *,
    hazard: Hazard,
    duty: str,
    measures: str,
    planned_on: date,
    funds_fen: int | None = None,
    plan: str = "",
    by: User,
) -> Hazard:
    """Say who does what with which money until when, and what protects meanwhile; all five for a serious hazard."""
    claim(hazard, Hazard.State.RECTIFYING)
    hazard.duty, hazard.measures, hazard.funds_fen = duty.strip(), measures.strip(), funds_fen
    hazard.planned_on, hazard.plan = planned_on, plan.strip()
    _require_parts(hazard)
    if planned_on > hazard.deadline_on:
        text = _("The planned end is after the deadline of %(day)s: ask for an extension first.")
        raise Problem(text % {"day": hazard.deadline_on}, field="planned_on", code="after_deadline")
    hazard.state = Hazard.State.RECTIFYING
    hazard.save(update_fields=["duty", "measures", "funds_fen", "planned_on", "plan", "state"])
    note(hazard, HazardStep.What.PLANNED, by, measures)
    note_change(after={"state": "rectifying", "planned": f"{planned_on}"})
    return hazard


def _require_parts(hazard: Hazard) -> None:
    filled = {
        "duty": hazard.duty,
        "measures": hazard.measures,
        "funds": hazard.funds_fen is not None,
        "deadline": hazard.planned_on,
        "plan": hazard.plan,
    }
    missing = rules.missing_parts(hazard.level, [name for name, value in filled.items() if value])
    if missing:
        text = _("A serious hazard needs all five parts; missing: %(parts)s")
        raise Problem(text % {"parts": "、".join(str(PARTS[part]) for part in missing)}, code="five_parts")


@action(
    "inspection.hazards.extend_deadline",
    title=_("Extend the deadline of a hazard"),
    unit=campaign_unit_of,
    subject=about,
    four_eyes=lambda hazard, **_facts: "always" if hazard.level == rules.MAJOR else "never",
)
def extend_deadline(*, hazard: Hazard, until_on: date, reason: str, by: User) -> Hazard:
    """Give a unit more time, once. For a serious hazard a second person has to agree. Raises Problem."""
    claim(hazard)
    if hazard.state not in (Hazard.State.NOTICED, Hazard.State.RECTIFYING, Hazard.State.REJECTED):
        raise Problem(_("This hazard is not with the unit now: there is nothing to extend."), code="wrong_state")
    if hazard.extensions:
        raise Problem(_("The deadline was extended already; that is possible once."), code="extended")
    if until_on <= hazard.deadline_on:
        raise Problem(
            _("The new deadline has to be later than %(day)s.") % {"day": hazard.deadline_on}, field="until_on"
        )
    before = hazard.deadline_on
    hazard.deadline_on, hazard.extensions, hazard.escalated = until_on, 1, 0
    hazard.save(update_fields=["deadline_on", "extensions", "escalated"])
    note(hazard, HazardStep.What.EXTENDED, by, f"{before} → {until_on} {reason}")
    note_change(before={"deadline": f"{before}"}, after={"deadline": f"{until_on}"}, reason=reason)
    return hazard


@action("inspection.hazards.attach_evidence", title=_("Show how a hazard was put right"), unit=unit_of, subject=about)
def attach_evidence(*, hazard: Hazard, file: BinaryIO, name: str, by: User) -> Attachment:
    """Keep a picture or paper about the rectification."""
    kept = store_file(file=file, name=name, subject=f"hazards.rectification:{hazard.pk}", by=by)
    note_change(after={"file": kept.file.digest[:16]})
    return kept


@action("inspection.hazards.report_rectification", title=_("Report a hazard as put right"), unit=unit_of, subject=about)
def report_rectification(
    *,
    hazard: Hazard,
    measures: str,
    done_on: date,
    duty: str = "",
    funds_fen: int | None = None,
    plan: str = "",
    by: User,
) -> Hazard:
    """Report what was done (整改回执). Raises Problem: no picture or paper shown, day ahead, five parts incomplete."""
    claim(hazard, Hazard.State.SUBMITTED)
    if done_on > local_today():
        raise Problem(_("The day lies in the future: report it when it is done."), field="done_on", code="future")
    if done_on < hazard.found_on:
        raise Problem(_("The day is before the hazard was found."), field="done_on", code="too_early")
    hazard.measures, hazard.planned_on = measures.strip(), hazard.planned_on or done_on
    hazard.duty, hazard.plan = duty.strip() or hazard.duty, plan.strip() or hazard.plan
    hazard.funds_fen = hazard.funds_fen if funds_fen is None else funds_fen
    _require_parts(hazard)
    if not evidence_of(hazard).exists():
        raise Problem(_("Show at least one picture or paper of what was done."), field="file", code="no_evidence")
    hazard.state, hazard.rectifier, hazard.submitted_on = Hazard.State.SUBMITTED, by, done_on
    hazard.save()
    note(hazard, HazardStep.What.SUBMITTED, by, measures)
    open_todo(
        kind="recheck",
        subject=f"hazards.hazard:{hazard.pk}",
        title_zh=f"复查：{hazard.target.name} {hazard.item_code}"[:160],
        title_en=f"Recheck: {hazard.target.name} {hazard.item_code}"[:200],
        url=hazard.get_absolute_url(),
        right=RECHECK,
        unit_id=hazard.campaign.unit_id,
        not_for=by,
    )
    note_change(after={"state": "submitted", "done": f"{done_on}"})
    return hazard


def evidence_of(hazard: Hazard):  # type: ignore[no-untyped-def]
    """Pictures and papers about the rectification."""
    from mainstay.core.evidence.models import Attachment

    return Attachment.objects.filter(subject=f"hazards.rectification:{hazard.pk}").select_related("file", "by__person")


@action(
    "inspection.hazards.change_level",
    title=_("Change the level of a hazard"),
    unit=campaign_unit_of,
    subject=about,
    four_eyes=lambda level, **_facts: "always" if level == rules.GENERAL else "never",
)
def change_level(*, hazard: Hazard, level: str, reason: str, by: User) -> Hazard:
    """Raise a hazard to serious, or lower it, for which a second person has to agree. Raises Problem."""
    claim(hazard)
    if level not in (rules.GENERAL, rules.MAJOR) or level == hazard.level:
        raise Problem(_("Choose the other level."), field="level", code="same_level")
    if hazard.state in (Hazard.State.ACCEPTED, Hazard.State.CLOSED):
        raise Problem(_("This hazard is accepted already."), code="wrong_state")
    before, hazard.level = hazard.level, level
    hazard.save(update_fields=["level"])
    note(hazard, HazardStep.What.LEVEL, by, reason)
    note_change(before={"level": before}, after={"level": level}, reason=reason)
    return hazard
