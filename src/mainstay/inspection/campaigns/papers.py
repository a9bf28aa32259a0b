"""What record forms say: values only, the layout is in typst/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.core.evidence.actions import open_file
from mainstay.inspection.campaigns.models import GroupMember, Inspection, Photo
from mainstay.inspection.campaigns.rules_png import MOST_BYTES, is_sound_png
from mainstay.inspection.checklists.queries import definitions_of

if TYPE_CHECKING:
    from datetime import datetime


def moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


def organisers(campaign: Any) -> list[str]:
    """Names of those who act jointly, the lead first."""
    return [one.unit.name_zh for one in campaign.organisers.select_related("unit").order_by("order", "id")]


def photo_counts(inspection: Inspection) -> dict[str, int]:
    found: dict[str, int] = {}
    for code in Photo.objects.filter(inspection=inspection, is_signature=False).values_list("item_code", flat=True):
        found[code] = found.get(code, 0) + 1
    return found


def printable(photos: Any) -> dict[str, list[int]]:
    """Signatures among kept pictures, by hash, as Typst takes them: only whole PNGs, which phones send."""
    found: dict[str, list[int]] = {}
    for one in photos.exclude(attachment=None).select_related("attachment__file"):
        with open_file(one.attachment.file) as file:
            data = file.read(MOST_BYTES + 1)
        if is_sound_png(data):
            found[one.digest] = list(data)
    return found


def record_data(inspection: Inspection) -> dict[str, Any]:
    """Values of the record form (安全检查记录表), every item of the campaign's checklists in order."""
    campaign, target = inspection.assignment.campaign, inspection.assignment.target
    versions = list(campaign.versions.select_related("checklist").order_by("-checklist__code"))
    answers = {one.item.code: one for one in inspection.answers.select_related("item")}
    photos = photo_counts(inspection)
    definitions = definitions_of(versions)
    signed = printable(Photo.objects.filter(inspection=inspection, is_signature=True))
    members = GroupMember.objects.filter(group=inspection.assignment.group_id).select_related("person", "unit")
    return {
        "campaign": campaign.name_zh,
        "organisers": organisers(campaign),
        "target": target.name,
        "code": target.code,
        "unit": target.unit.name_zh,
        "address": target.address,
        "klass": str(target.get_klass_display()),
        "arrived": moment(inspection.arrived_at),
        "left": moment(inspection.left_at),
        "note": inspection.note,
        "outcome": str(inspection.get_outcome_display()),
        "edition": inspection.edition,
        "group": [f"{one.person.name}（{one.unit.name_zh}）" for one in members],
        "passed": inspection.passed,
        "failed": inspection.failed,
        "score": "" if inspection.score_bp is None else f"{inspection.score_bp / 100:.1f} %",
        "checklists": [
            {
                "name": definitions[version.pk].zh,
                "sections": [
                    {
                        "name": f"{section.code} {section.zh}",
                        "items": [_line(item, answers.get(item.code), photos) for item in section.items],
                    }
                    for section in definitions[version.pk].sections
                ],
            }
            for version in versions
        ],
        "signatures": [
            {
                "role": str(one.get_role_display()),
                "name": one.name,
                "refused": one.refused,
                "reason": one.reason,
                "picture": signed.get(one.digest),
            }
            for one in inspection.signatures.all()
        ],
    }


def _line(item: Any, answer: Any, photos: dict[str, int]) -> dict[str, Any]:
    value = answer.value if answer else {}
    chosen = next((option.zh for option in item.options if option.code == value.get("choice")), "")
    shown = [
        str(value.get("number", "")) + (item.unit if value.get("number") else ""),
        str(value.get("date", "")),
        chosen,
    ]
    shown.append(str(value.get("text", "")))
    words = {"pass": _("passes"), "fail": _("fails"), "na": _("does not apply")}
    return {
        "code": item.code,
        "zh": item.zh,
        "result": words.get(answer.result, "") if answer else "",
        "bad": bool(answer and answer.result == "fail"),
        "value": " ".join(one for one in shown if one),
        "note": answer.note if answer else "",
        "photos": photos.get(item.code, 0),
    }


def plan_data(campaign: Any) -> dict[str, Any]:
    """Values of the plan document: basis, organisers, window, groups with members, and who goes where."""
    groups = []
    for group in campaign.groups.prefetch_related("members__person", "members__unit"):
        rows = group.assignments.select_related("target", "unit").order_by("due_on", "target__code")[:MOST_LISTED]
        members = list(group.members.all())
        groups.append(
            {
                "name": group.name,
                "area": group.area,
                "leader": next((f"{m.person.name}（{m.unit.name_zh}）" for m in members if m.leads), ""),
                "members": [
                    {"name": m.person.name, "unit": m.unit.name_zh, "duty": m.duty} for m in members if not m.leads
                ],
                "targets": [
                    {
                        "name": a.target.name,
                        "unit": a.unit.name_zh,
                        "klass": str(a.get_klass_display()),
                        "due": f"{a.due_on or ''}",
                    }
                    for a in rows
                ],
            }
        )
    versions = list(campaign.versions.select_related("checklist").order_by("-checklist__code"))
    definitions = definitions_of(versions)
    return {
        "name": campaign.name_zh,
        "code": campaign.code,
        "organisers": organisers(campaign),
        "basis_title": campaign.basis_title,
        "basis_number": campaign.basis_number,
        "from": campaign.from_on.isoformat(),
        "until": campaign.until_on.isoformat(),
        "groups": groups,
        "total": campaign.assignments.count(),
        "contents": [
            {"name": definitions[v.pk].zh, "sections": [section.zh for section in definitions[v.pk].sections]}
            for v in versions
        ],
    }


MOST_LISTED = 200  # targets of a group on paper; a yearly plan has its lists on the screen
