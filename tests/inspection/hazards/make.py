"""Hazards for tests: found by a record, noticed, put right."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

from mainstay.core.access.models import User
from mainstay.inspection.campaigns.actions import record_inspection
from mainstay.inspection.hazards import actions
from mainstay.inspection.hazards.models import Hazard
from mainstay.kit.dates import local_today
from tests.inspection.make import Joint, failing, person_in

UNIT = ("plan_rectification", "attach_evidence", "report_rectification")
CHECK = (
    "issue_notice",
    "recheck_hazard",
    "close_hazard",
    "extend_deadline",
    "change_level",
    "serve_notice",
    "void_notice",
)


def found_in(one: Joint, code: str = "K1.1", place: int = 0) -> Hazard:
    """Return the hazard that a failing item made."""
    assignment = one.assignments[place]
    answers: dict[str, Any] = {"code": code}
    record_inspection(assignment=assignment, body=failing(assignment, answers["code"]), by=one.member)
    return Hazard.objects.get(target=one.targets[place], item_code=code)


def owner(one: Joint, name: str = "库主任") -> User:
    """Return somebody of the inspected unit."""
    rights: dict[str, Any] = {f"inspection.hazards.{verb}": ("subtree", None) for verb in (*UNIT, "view_hazard")}
    return person_in(one.county, name, rights)


def checker(one: Joint, name: str = "复查人", more: tuple[str, ...] = ()) -> User:
    """Return somebody who rechecks for the organisers."""
    rights: dict[str, Any] = {
        f"inspection.hazards.{verb}": ("subtree", None) for verb in (*CHECK, "view_hazard", *more)
    }
    return person_in(one.bureau, name, rights)


def noticed(one: Joint, code: str = "K1.1", place: int = 0) -> Hazard:
    """Return a hazard with its notice."""
    hazard = found_in(one, code, place)
    actions.issue_notice(hazards=[hazard], deadline_on=local_today() + timedelta(days=7), by=checker(one))
    hazard.refresh_from_db()
    return hazard


def reported(one: Joint, code: str = "K1.1", by: User | None = None) -> Hazard:
    """Return a hazard that the unit has reported as put right."""
    hazard, by = noticed(one, code), by or owner(one)
    actions.attach_evidence(hazard=hazard, file=BytesIO(b"\xff\xd8\xff after"), name="after.jpg", by=by)
    five = {"duty": "王主任", "funds_fen": 0, "plan": "加派双人值守"}
    return actions.report_rectification(hazard=hazard, measures="更换转字锁", done_on=local_today(), by=by, **five)
