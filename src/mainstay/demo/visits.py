"""Visits of the demonstration as phones send them: answers, pictures, people."""

from __future__ import annotations

import hashlib
import struct
import zlib
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from mainstay.core.access.models import User
from mainstay.inspection.campaigns import actions
from mainstay.inspection.campaigns.models import Assignment, Inspection
from mainstay.inspection.checklists.rules import ItemDef, in_units


def who(username: str) -> User:
    return User.objects.select_related("person").get(username=username)


def visit(assignment: Assignment, by: User, at: datetime, items: list[ItemDef], **more: Any) -> Inspection:
    """Record a visit with its picture; `failing` are findings by item, `outcome` other than "done" has no answers."""
    failing, outcome = more.pop("failing", {}), more.get("outcome", "done")
    on = timezone.localtime(at).date()
    key = str(uuid5(NAMESPACE_URL, f"demo/{assignment.pk}/{at:%Y%m%d}"))
    data = picture(key)
    digest = hashlib.sha256(data).hexdigest()
    done = outcome == "done"
    shown = [item.code for item in items if item.photo] if done else []
    body = {
        "id": key, "record": key, "assignment": assignment.pk, "base": assignment.revision, "outcome": "done",
        "device": "demo", "arrived_at": at.isoformat(), "left_at": (at + timedelta(minutes=12)).isoformat(),
        "position": None, "note": "", "photos": [{"hash": digest, "item": code, "name": "p.png"} for code in shown],
        "answers": {item.code: answer(item, failing.get(item.code), on) for item in items} if done else {},
        "signatures": [{"role": "inspector", "name": str(by)}] if done else [], "notices": [], **more,
    }  # fmt: skip
    record = actions.record_inspection(assignment=assignment, body=body, by=by)
    if shown:
        actions.store_photo(inspection=record, digest=digest, file=BytesIO(data), by=by)
    return record


def at_hour(on: date, hour: int, minute: int = 0) -> datetime:
    """An instant of a day here."""
    return timezone.make_aware(datetime.combine(on, time(hour, minute)))


def answer(item: ItemDef, finding: str | None, on: date) -> dict[str, str]:
    """A good answer, or the one that fails: a number out of the limits, or a finding."""
    answer: dict[str, str] = {}
    if "number" in item.types:
        answer["number"] = _usual(item.minimum_e3, item.maximum_e3)
    if "date" in item.types:
        answer["date"] = (on + timedelta(days=120 if item.date_rule == "until" else -20)).isoformat()
    if "choice" in item.types:
        answer["choice"] = next(one.code for one in item.options if not one.bad)
    if item.needs_result:
        answer["result"] = "pass"
    if finding is not None:
        number = finding.replace(".", "", 1).isdecimal()
        answer |= {"number": finding} if number else {}
        answer |= {"result": "fail", "note": f"{item.zh}：实测 {finding}{item.unit}" if number else finding}
    return answer


def _usual(least: int | None, most: int | None) -> str:
    """A number within limits (thousandths): between both, well above the least, or below the most."""
    if least is not None and most is not None:
        return in_units((least + most) // 2)
    if least is not None:
        return in_units(least + 60_000)
    return "4" if most is None else in_units(max(0, most - 5_000))


def picture(seed: str) -> bytes:
    """A small plain picture of its own: what a camera would have sent."""
    digest = hashlib.sha256(seed.encode()).digest()
    row = b"\0" + bytes(digest[:3]) * 64
    data = zlib.compress(row * 48)
    head = struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part)) for kind, part in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
