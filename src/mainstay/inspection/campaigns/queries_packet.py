"""What a phone takes along: the inspector's own targets with all that is needed to work without network."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from mainstay.inspection.campaigns import hooks, queries
from mainstay.inspection.campaigns.models import (
    Answer,
    Assignment,
    Campaign,
    GroupMember,
    Inspection,
    NumberBlock,
    Organiser,
)
from mainstay.inspection.checklists.models import ChecklistVersion
from mainstay.inspection.checklists.queries import definitions_of
from mainstay.inspection.checklists.rules import ChecklistDef, ItemDef, in_units

if TYPE_CHECKING:
    from mainstay.core.access.models import User

HOURS = 72  # how long a packet may be used without network
MOST = 500  # targets in one packet


def packet(user: User, device: str, *, block: str = "", now: datetime | None = None) -> dict[str, Any]:
    """Return the packet of an inspector: at most 500 targets, those due first; `block` narrows a household plan.

    Constant queries. The packet expires; until then the phone works without network.
    """
    now = now or timezone.now()
    rows = Assignment.objects.of_inspector(user)
    rows = rows.exclude(campaign__round_on__isnull=False, campaign__until_on__lt=timezone.localtime(now).date())
    if block:
        rows = rows.filter(block=block)
    rows = rows.select_related("target__unit", "campaign__unit").order_by("due_on", "block", "stair", "target__code")
    listed = list(rows[: MOST + 1])
    campaigns = {one.campaign_id: one.campaign for one in listed}
    held = NumberBlock.objects.usable(now).filter(device=device, user=user).last()
    return {
        "made_at": now.isoformat(),
        "expires_at": (now + timedelta(hours=HOURS)).isoformat(),
        "user": {"id": user.pk, "name": str(user), "person": user.person_id},
        "device": device,
        "more": len(listed) > MOST,
        "campaigns": _campaigns(list(campaigns.values()), user),
        "assignments": _assignments(listed[:MOST]),
        "numbers": None if held is None else numbers_of(held),
    }


def numbers_of(block: NumberBlock) -> dict[str, Any]:
    """A block of lent numbers as a phone keeps it."""
    return {"kind": block.kind, "numbers": block.numbers, "expires_at": block.expires_at.isoformat()}


def _campaigns(campaigns: list[Campaign], user: User) -> list[dict[str, Any]]:
    keys = [one.pk for one in campaigns]
    through = Campaign.versions.through.objects.filter(campaign__in=keys).values_list(
        "campaign_id", "checklistversion_id"
    )
    versions = {
        one.pk: one
        for one in ChecklistVersion.objects.filter(campaigns__in=keys).select_related("checklist").distinct()
    }
    definitions = definitions_of(list(versions.values()))
    of_campaign: dict[int, list[int]] = defaultdict(list)
    for campaign_id, version_id in through:
        of_campaign[campaign_id].append(version_id)
    organisers: dict[int, list[str]] = defaultdict(list)
    for one in Organiser.objects.filter(campaign__in=keys).select_related("unit"):
        organisers[one.campaign_id].append(one.unit.name)
    groups = _groups(keys, user)
    return [
        {
            "id": one.pk, "code": one.code, "kind": one.kind, "name": one.name, "basis": one.basis_title,
            "basis_number": one.basis_number, "from_on": one.from_on.isoformat(), "until_on": one.until_on.isoformat(),
            "organisers": organisers[one.pk], "min_inspectors": one.min_inspectors,
            "companion_needed": one.companion_needed, "recurring": one.round_on is not None, "groups": groups[one.pk],
            "checklists": [
                checklist_json(versions[key], definitions[key])
                for key in sorted(of_campaign[one.pk], key=lambda key: versions[key].checklist.code)
            ],
        }
        for one in campaigns
    ]  # fmt: skip


def _groups(campaigns: list[int], user: User) -> dict[int, list[dict[str, Any]]]:
    """The user's own groups with all their members."""
    mine = GroupMember.objects.filter(group__campaign__in=campaigns, person=user.person_id or 0).values("group")
    rows = GroupMember.objects.filter(group__in=mine).select_related("group", "person", "unit")
    found: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    for one in rows.order_by("group__code", "-leads", "id"):
        group = found[one.group.campaign_id].setdefault(
            one.group_id, {"id": one.group_id, "name": one.group.name, "members": []}
        )
        group["members"].append(
            {
                "person": one.person_id, "name": one.person.name, "unit": one.unit.name, "leads": one.leads,
                "duty": one.duty, "sections": one.sections,
            }
        )  # fmt: skip
    return defaultdict(list, {key: list(groups.values()) for key, groups in found.items()})


def checklist_json(version: ChecklistVersion, definition: ChecklistDef) -> dict[str, Any]:
    """A checklist as the phone shows it."""
    return {
        "id": version.pk, "code": definition.code, "number": version.number, "zh": definition.zh, "en": definition.en,
        "scoring": definition.scoring,
        "sections": [
            {"code": one.code, "zh": one.zh, "en": one.en, "items": [item_json(item) for item in one.items]}
            for one in definition.sections
        ],
    }  # fmt: skip


def item_json(item: ItemDef) -> dict[str, Any]:
    """An item: `min` and `max` as decimal texts, `needs_result` says whether the inspector judges himself."""
    return {
        "code": item.code, "zh": item.zh, "en": item.en, "types": list(item.types), "severity": item.severity,
        "basis": item.basis, "requirement_zh": item.requirement_zh, "requirement_en": item.requirement_en,
        "days": item.days, "photo": item.photo, "min": in_units(item.minimum_e3), "max": in_units(item.maximum_e3),
        "unit": item.unit, "options": [{"code": o.code, "zh": o.zh, "en": o.en, "bad": o.bad} for o in item.options],
        "date_rule": item.date_rule, "date_days": item.date_days, "needs_result": item.needs_result,
        "show_item": item.show_item, "show_value": item.show_value,
    }  # fmt: skip


def _assignments(listed: list[Assignment]) -> list[dict[str, Any]]:
    targets = [one.target for one in listed]
    said = hooks.said_of(targets)
    last = queries.last_visits([one.pk for one in targets])
    failed: dict[int, list[str]] = defaultdict(list)
    rows = Answer.objects.filter(inspection__in=list(last.values()), result=Answer.Result.FAIL)
    for inspection_id, code in rows.order_by("item__code").values_list("inspection_id", "item__code"):
        failed[inspection_id].append(code)
    standing = {
        one.assignment_id: one
        for one in Inspection.objects.filter(assignment__in=listed, current=True, outcome__in=("done", "partial"))
    }
    return [_assignment(one, said, last.get(one.target_id), failed, standing.get(one.pk)) for one in listed]


def _assignment(
    one: Assignment, said: dict[int, Any], last: Inspection | None, failed: dict[int, list[str]], standing: Any
) -> dict[str, Any]:
    target = one.target
    visit = last and {
        "on": timezone.localtime(last.arrived_at).date().isoformat(), "by": str(last.by), "failed": failed[last.pk],
        "note": last.note,
    }  # fmt: skip
    return {
        "id": one.pk, "campaign": one.campaign_id, "group": one.group_id, "revision": one.revision, "state": one.state,
        "due_on": one.due_on and one.due_on.isoformat(), "late": one.late, "visits": one.visits,
        "record": None if standing is None else {"record": str(standing.record), "body": standing.body},
        "target": {
            "id": target.pk, "code": target.code, "name": target.name, "kind": target.kind, "class": target.klass,
            "unit": target.unit.name, "address": target.address, "block": target.block, "stair": target.stair,
            "room": target.room, "contact": target.contact, "phone": target.phone, "lat_e6": target.lat_e6,
            "lng_e6": target.lng_e6, "qr": str(target.qr), "attributes": target.attributes,
        },
        "last_visit": visit,
        "hazards": said[target.pk].get("hazards", []),
    }  # fmt: skip
