"""Hazards made by the failing items of a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from mainstay.inspection.campaigns.actions.numbers import require_lent
from mainstay.inspection.campaigns.models import Answer, Inspection
from mainstay.inspection.checklists.rules import FAIL
from mainstay.inspection.hazards import queries, rules
from mainstay.inspection.hazards.actions.common import note
from mainstay.inspection.hazards.actions.notices import issue_notice
from mainstay.inspection.hazards.models import Hazard, HazardStep
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User


def receive_record(
    inspection: Inspection, results: Mapping[str, str], notices: Sequence[Mapping[str, Any]], by: User
) -> list[dict[str, Any]]:
    """Make hazards of the items that fail, note those that were open already, and issue the notices of the record.

    Part of accepting the record. Returns for the phone what became of each: new, again (still open) or repeat.
    """
    on = timezone.localtime(inspection.arrived_at).date()
    target = inspection.assignment.target
    failing = [code for code, result in results.items() if result == FAIL]
    answers = Answer.objects.filter(inspection=inspection, item__code__in=failing).exclude(item__severity="none")
    answers = answers.select_related("item__version__checklist", "item__section")
    open_ones = {(h.checklist_code, h.item_code): h for h in target.hazards.unfinished()}
    told, found = [], {}
    for answer in answers:
        key = (answer.item.version.checklist.code, answer.item.code)
        known = open_ones.get(key)
        hazard = _again(known, answer, on, by) if known else _new(inspection, answer, on, by)
        found[answer.item.code] = hazard
        seen = "again" if known else "repeat" if hazard.repeat_of_id else "new"
        told.append({"item": answer.item.code, "hazard": hazard.pk, "seen": seen, "level": hazard.level})
    for one in notices:
        _notice(inspection, one, found, by)
    return told


def _new(inspection: Inspection, answer: Answer, on: date, by: User) -> Hazard:
    item, assignment = answer.item, inspection.assignment
    code = item.version.checklist.code
    before = Hazard.objects.filter(target=assignment.target, checklist_code=code, item_code=item.code, state="closed")
    ends = rules.deadline(on, item.days if item.days is not None else queries.days_for(item.severity, on))
    hazard = Hazard.objects.create(
        target=assignment.target, unit_id=assignment.unit_id, campaign=assignment.campaign, inspection=inspection,
        item=item, checklist_code=code, item_code=item.code, level=item.severity, finding=answer.note or item.zh,
        found_on=on, last_seen_on=on, found_by=by, deadline_on=ends, first_deadline_on=ends,
        repeat_of=before.order_by("-closed_on", "-pk").first(),
    )  # fmt: skip
    note(hazard, HazardStep.What.FOUND, by, hazard.finding)
    return hazard


def _again(hazard: Hazard, answer: Answer, on: date, by: User) -> Hazard:
    """Met while still open: the first day stays, it is only counted. An edit of the same visit counts nothing."""
    if hazard.inspection.record != answer.inspection.record and on > hazard.last_seen_on:
        hazard.seen += 1
        hazard.last_seen_on = on
        hazard.save(update_fields=["seen", "last_seen_on"])
        note(hazard, HazardStep.What.SEEN, by, answer.note)
    return hazard


def _notice(inspection: Inspection, one: Mapping[str, Any], found: dict[str, Hazard], by: User) -> None:
    from django.utils.translation import gettext_lazy as _

    strange = [code for code in one["items"] if code not in found]
    if strange:
        text = _("The notice %(number)s names items that do not fail: %(codes)s")
        raise Problem(text % {"number": one["number"], "codes": ", ".join(strange)}, field="notices", code="bad_notice")
    if queries.is_issued(one["number"], inspection.record):
        return  # an edit of the record brings its notices along
    require_lent(one["number"], inspection.device, by)
    issue_notice(
        hazards=[found[code] for code in one["items"]], deadline_on=date.fromisoformat(one["deadline_on"]),
        measures=one.get("measures", ""), served=one["served"], received_by=one.get("received_by", ""),
        receipt_refused=one.get("refused", False), witness=one.get("witness", ""), number=one["number"],
        written_at=inspection.left_at, by=by,
    )  # fmt: skip
