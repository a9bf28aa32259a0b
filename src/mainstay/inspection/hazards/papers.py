"""What notices, receipts, recheck opinions and record forms say: values only, the layout is in typst/."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from mainstay.inspection.campaigns.models import Photo
from mainstay.inspection.campaigns.papers import moment, organisers, photo_counts, printable
from mainstay.inspection.hazards.models import Acceptance, Hazard, Notice


def notice_data(notice: Notice, measures: str = "") -> dict[str, Any]:
    """Values of a rectification notice (隐患整改通知书)."""
    hazards = list(notice.hazards.select_related("item", "inspection").order_by("level", "item_code"))
    first = hazards[0].inspection
    names = [one.name for one in first.signatures.filter(role="inspector")]
    photos = photo_counts(first)
    return {
        "number": notice.number,
        "to": notice.unit.name_zh,
        "target": notice.target.name,
        "address": notice.target.address,
        "organisers": organisers(notice.campaign),
        "basis": f"《{notice.campaign.basis_title}》（{notice.campaign.basis_number}）"
        if notice.campaign.basis_title
        else "",
        "at": moment(first.arrived_at),
        "inspectors": names,
        "deadline": notice.deadline_on.isoformat(),
        "hazards": [
            {
                "code": one.item_code,
                "item": one.item.zh,
                "finding": one.finding,
                "level": one.level,
                "basis": one.item.basis,
                "requirement": one.item.requirement_zh,
                "photos": photos.get(one.item_code, 0),
                "repeat": one.repeat_of_id is not None,
            }
            for one in hazards
        ],
        "measures": measures,
        "served": str(notice.get_served_display()) if notice.served else "",
        "received_by": notice.received_by,
        "refused": notice.receipt_refused,
        "witness": notice.witness,
        "issued_on": timezone.localtime(notice.issued_at).date().isoformat(),
    }


def receiver_signature(notice: Notice) -> list[int] | None:
    """The receiver's signature on glass, once the phone has sent it: its picture is called after the notice."""
    first = notice.hazards.select_related("inspection").order_by("pk").first()
    if first is None or first.inspection is None:
        return None
    rows = Photo.objects.filter(inspection__record=first.inspection.record, name=f"notice-{notice.number}")
    return next(iter(printable(rows).values()), None)


def receipt_data(notice: Notice) -> dict[str, Any]:
    """Values of the unit's receipt (整改回执) about all hazards of a notice."""
    from mainstay.inspection.hazards.actions.rectify import evidence_of

    lines = [
        {
            "code": one.item_code,
            "item": one.item.zh,
            "finding": one.finding,
            "measures": one.measures,
            "duty": one.duty,
            "funds_fen": one.funds_fen,
            "plan": one.plan,
            "level": one.level,
            "done_on": one.submitted_on.isoformat() if one.submitted_on else "",
            "by": str(one.rectifier or ""),
            "files": evidence_of(one).count(),
            "state": str(one.get_state_display()),
        }
        for one in notice.hazards.select_related("item", "rectifier__person").order_by("item_code")
    ]
    return {
        "number": notice.number,
        "unit": notice.unit.name_zh,
        "target": notice.target.name,
        "organisers": organisers(notice.campaign),
        "deadline": notice.deadline_on.isoformat(),
        "lines": lines,
    }


def recheck_data(notice: Notice) -> dict[str, Any]:
    """Values of the recheck opinion (复查意见书) about all hazards of a notice."""
    hazards = list(notice.hazards.select_related("item").order_by("item_code"))
    verdicts: dict[int, list[Acceptance]] = {}
    for one in Acceptance.objects.filter(hazard__in=hazards).select_related("by__person").order_by("id"):
        verdicts.setdefault(one.hazard_id, []).append(one)
    lines = [
        {
            "code": one.item_code,
            "item": one.item.zh,
            "measures": one.measures,
            "state": str(one.get_state_display()),
            "verdicts": [
                {"by": str(v.by), "good": v.good, "note": v.note, "at": moment(v.at)} for v in verdicts.get(one.pk, [])
            ],
        }
        for one in hazards
    ]
    done = all(one.state in (Hazard.State.ACCEPTED, Hazard.State.CLOSED) for one in hazards)
    return {
        "number": notice.number,
        "unit": notice.unit.name_zh,
        "target": notice.target.name,
        "organisers": organisers(notice.campaign),
        "lines": lines,
        "done": done,
    }
