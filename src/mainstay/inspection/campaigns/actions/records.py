"""Records of visits: accepted once however often they are sent, changed in editions, confirmed by the leader."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, BinaryIO

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, refuse
from mainstay.core.evidence.actions import store_file
from mainstay.inspection.campaigns import hooks, queries
from mainstay.inspection.campaigns.actions.changed import Changed, changed_by_another
from mainstay.inspection.campaigns.actions.exempt import propose_exemption
from mainstay.inspection.campaigns.models import Answer, Assignment, Campaign, Inspection, Photo, Signature
from mainstay.inspection.campaigns.rules import REACHED, STATE_AFTER
from mainstay.inspection.campaigns.rules_records import Demands, faults_of_record
from mainstay.inspection.campaigns.rules_words import sentence
from mainstay.inspection.campaigns.states import ASSIGNMENT, CAMPAIGN
from mainstay.inspection.checklists.models import ChecklistItem
from mainstay.inspection.checklists.queries import definitions_of
from mainstay.inspection.checklists.rules import FAIL, PASS, Given, results_of
from mainstay.inspection.checklists.rules_scoring import score
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User

STANDING = (Inspection.Outcome.DONE, Inspection.Outcome.PARTIAL)  # at most one such record stands at a target
RUNNING = (Campaign.State.ACTIVE, Campaign.State.COLLECTING)
__all__ = ["Changed", "confirm_inspection", "digest_of", "record_inspection", "store_photo"]


def _unit(assignment: Assignment, **_facts: Any) -> int:
    return assignment.campaign.unit_id


def digest_of(body: dict[str, Any]) -> str:
    """The hash of a body: what tells the same sending from another one under the same id."""
    return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


@action(
    "inspection.campaigns.record_inspection",
    title=_("Record an inspection"),
    unit=_unit,
    subject=lambda assignment, **_facts: f"campaigns.assignment:{assignment.pk}",
)
def record_inspection(*, assignment: Assignment, body: dict[str, Any], by: User) -> Inspection:
    """Accept the record of a visit as the phone sent it (`docs/explanation/inspection-sync.md` tells the fields).

    Sent again with the same body it is accepted again and changes nothing; the hazards told are those of then. Raises
    Problem: `key_used` (another body under this id), `changed` (somebody else recorded here meanwhile; the Problem is
    a `Changed` with the difference), `locked`, or what the record lacks. Refused for who is neither in
    the group nor a program that sends for all groups.
    """
    lock("assignment", assignment.pk)
    known = Inspection.objects.filter(client_id=body["id"]).first()
    if known is not None:
        return _same(known, body)
    assignment = Assignment.objects.select_related("campaign", "target", "group").get(pk=assignment.pk)
    if not queries.may_record(by, assignment):
        refuse(_("You are not in the group that is sent to this target."))
    _check_open(assignment, body)
    versions = list(assignment.campaign.versions.select_related("checklist"))
    made, results = _store(assignment, body, versions, by)
    _advance(assignment, made)
    if body.get("exemption"):
        propose_exemption(assignment, body["exemption"])
    hazards = hooks.after_record(made, results, body.get("notices", ()), by)
    made.told = hazards  # type: ignore[attr-defined]
    note_change(
        after={"outcome": made.outcome, "edition": made.edition, "failed": made.failed, "record": str(made.record)}
    )
    return made


def _same(known: Inspection, body: dict[str, Any]) -> Inspection:
    if known.digest != digest_of(body):
        text = _("This id was used for another record. Nothing was stored; send it under a new id.")
        raise Problem(text, field="id", code="key_used")
    known.repeated = True  # type: ignore[attr-defined]
    return known


def _check_open(assignment: Assignment, body: dict[str, Any]) -> None:
    if assignment.campaign.state not in RUNNING:
        raise Problem(_("Inspecting is over in this campaign: its records are locked."), code="locked")
    standing = assignment.inspections.filter(current=True, outcome__in=STANDING).first()
    if body["base"] != assignment.revision or (standing and str(standing.record) != str(body["record"])):
        raise changed_by_another(assignment, body)
    target = STATE_AFTER[body["outcome"]]
    ASSIGNMENT.require(assignment.state, target)
    earlier = assignment.inspections.filter(record=body["record"], current=True).first()
    if earlier is not None and earlier.state == Inspection.State.LOCKED:
        raise Problem(_("This record is locked and cannot be changed."), code="locked")


def _store(
    assignment: Assignment, body: dict[str, Any], versions: list[Any], by: User
) -> tuple[Inspection, dict[str, str]]:
    definitions = definitions_of(versions)
    items = [item for version in versions for item in definitions[version.pk].items()]
    arrived, left = parse_datetime(body["arrived_at"]), parse_datetime(body["left_at"])
    if arrived is None or left is None or left < arrived:
        raise Problem(_("The time of leaving is before the time of arriving."), field="left_at", code="times")
    on = timezone.localtime(arrived).date()
    photos: dict[str, int] = {}
    for photo in body["photos"]:
        photos[photo["item"]] = photos.get(photo["item"], 0) + 1
    given = Given(body["answers"], photos)
    campaign = assignment.campaign
    demands = Demands(campaign.min_inspectors, campaign.companion_needed)
    faults = faults_of_record(items, given, body["signatures"], outcome=body["outcome"], on=on, demands=demands)
    if faults:
        raise Problem(" ".join(str(sentence(one)) for one in faults[:8]), field="answers", code=faults[0].code)
    results = results_of(items, body["answers"], on) if body["answers"] else {}
    position = body.get("position") or {}
    rates = [score(definitions[one.pk], results).rate_bp for one in versions]
    known = [rate for rate in rates if rate is not None]
    made = Inspection(
        client_id=body["id"],
        record=body["record"],
        edition=_next_edition(assignment, body["record"]),
        assignment=assignment,
        revision=assignment.revision + 1,
        outcome=body["outcome"],
        arrived_at=arrived,
        left_at=left,
        by=by,
        device=body.get("device", ""),
        note=body.get("note", ""),
        scanned=body.get("scanned", False),
        digest=digest_of(body),
        body=body,
        lat_e6=position.get("lat_e6"),
        lng_e6=position.get("lng_e6"),
        accuracy_m=position.get("accuracy_m"),
        passed=list(results.values()).count(PASS),
        failed=list(results.values()).count(FAIL),
        score_bp=sum(known) // len(known) if known and body["outcome"] == "done" else None,
    )
    made.save(force_insert=True)
    _store_parts(made, body, versions, results)
    return made, results


def _next_edition(assignment: Assignment, record: str) -> int:
    """Supersede the edition before and return the next number."""
    earlier = assignment.inspections.filter(record=record).order_by("-edition").first()
    if earlier is None:
        return 1
    if earlier.current:
        Inspection.objects.filter(pk=earlier.pk).update(current=False, state=Inspection.State.SUPERSEDED)
    return earlier.edition + 1


def _store_parts(made: Inspection, body: dict[str, Any], versions: list[Any], results: dict[str, str]) -> None:
    keys = dict(ChecklistItem.objects.filter(version__in=versions).values_list("code", "pk"))
    Answer.objects.bulk_create(
        Answer(
            inspection=made,
            item_id=keys[code],
            result=results.get(code, ""),
            value={key: value for key, value in answer.items() if key not in ("result", "note") and value},
            note=str(answer.get("note", ""))[:500],
        )
        for code, answer in body["answers"].items()
    )
    Signature.objects.bulk_create(
        Signature(
            inspection=made,
            role=one["role"],
            name=one["name"].strip(),
            person_id=one.get("person"),
            digest=one.get("hash") or "",
            refused=one.get("refused", False),
            reason=one.get("reason", ""),
        )
        for one in body["signatures"]
    )
    have = dict(
        Photo.objects.filter(inspection__record=made.record)
        .exclude(attachment=None)
        .values_list("digest", "attachment")
    )
    wanted = {(one["hash"], one["item"]): one for one in body["photos"]}
    signed = {(one["hash"], ""): {"hash": one["hash"], "item": ""} for one in body["signatures"] if one.get("hash")}
    Photo.objects.bulk_create(
        Photo(
            inspection=made,
            item_code=item,
            digest=digest,
            name=str(one.get("name", ""))[:120],
            taken_at=parse_datetime(one["taken_at"]) if one.get("taken_at") else None,
            lat_e6=one.get("lat_e6"),
            lng_e6=one.get("lng_e6"),
            is_signature=(digest, item) in signed,
            attachment_id=have.get(digest),
        )
        for (digest, item), one in {**signed, **wanted}.items()
    )


def _advance(assignment: Assignment, made: Inspection) -> None:
    """Move the target and, with the first record, the campaign."""
    on = timezone.localtime(made.arrived_at).date()
    assignment.revision = made.revision
    assignment.state = STATE_AFTER[made.outcome]
    if made.edition == 1:
        assignment.visits += 1
    if made.outcome in REACHED and assignment.reached_on is None:
        assignment.reached_on = on
    assignment.inspected_on = on if made.outcome == Inspection.Outcome.DONE else None
    assignment.save(update_fields=["revision", "state", "visits", "reached_on", "inspected_on"])
    campaign = assignment.campaign
    if campaign.state == Campaign.State.ACTIVE:
        CAMPAIGN.require(campaign.state, Campaign.State.COLLECTING)
        Campaign.objects.filter(pk=campaign.pk, state=Campaign.State.ACTIVE).update(state=Campaign.State.COLLECTING)


@action(
    "inspection.campaigns.store_photo",
    title=_("Store a photo of an inspection"),
    unit=lambda inspection, **_facts: inspection.assignment.campaign.unit_id,
    subject=lambda inspection, **_facts: f"campaigns.inspection:{inspection.pk}",
)
def store_photo(*, inspection: Inspection, digest: str, file: BinaryIO, by: User) -> list[str]:
    """Keep a picture or signature that a record spoke of; returns the hashes still missing.

    Sent again it is accepted again. Raises Problem: not one of this record's, content that does not fit the hash, or
    what the store of files refuses. Refused for who is not in the group.
    """
    if not queries.may_record(by, inspection.assignment):
        refuse(_("You are not in the group that is sent to this target."))
    lock("assignment", inspection.assignment_id)
    rows = Photo.objects.filter(inspection__record=inspection.record, digest=digest)
    if not rows.exists():
        raise Problem(_("This record speaks of no such photo."), field="hash", code="not_found")
    waiting = rows.filter(attachment=None)
    if waiting.exists():
        kept = store_file(file=file, name=f"{digest[:12]}.jpg", subject=f"campaigns.inspection:{inspection.pk}", by=by)
        if kept.file.digest != digest:
            text = _("The photo does not fit its hash: it was damaged on the way. Send it again.")
            raise Problem(text, field="file", code="bad_hash")
        waiting.update(attachment=kept)
    note_change(after={"photo": digest[:16]})
    return missing_of(inspection)


def missing_of(inspection: Inspection) -> list[str]:
    """The hashes of pictures a record speaks of and the server does not have."""
    rows = Photo.objects.filter(inspection=inspection, attachment=None)
    return sorted(set(rows.values_list("digest", flat=True)))


@action(
    "inspection.campaigns.confirm_inspection",
    title=_("Confirm an inspection"),
    unit=lambda inspection, **_facts: inspection.assignment.campaign.unit_id,
    subject=lambda inspection, **_facts: f"campaigns.inspection:{inspection.pk}",
)
def confirm_inspection(*, inspection: Inspection, by: User) -> Inspection:
    """The leader of the group stands by a record. Raises Problem while photos are missing; refused for others."""
    if not queries.leads(by, inspection.assignment.group_id):
        refuse(_("Only the leader of the group confirms its records."))
    lock("assignment", inspection.assignment_id)
    inspection.refresh_from_db()
    if inspection.state != Inspection.State.SUBMITTED or not inspection.current:
        raise Problem(_("This record does not wait for confirmation."), code="wrong_state")
    if missing_of(inspection):
        raise Problem(_("Photos of this record have not arrived yet."), code="photos_missing")
    inspection.state, inspection.confirmed_by, inspection.confirmed_at = Inspection.State.CONFIRMED, by, timezone.now()
    inspection.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    note_change(before={"state": "submitted"}, after={"state": "confirmed"})
    return inspection
