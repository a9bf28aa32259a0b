"""What the report of an incident says: values only, the layout is in typst/."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from mainstay.continuity.incidents.models import Incident
from mainstay.continuity.incidents.queries import follow_ups
from mainstay.continuity.site.registry import MEASURES
from mainstay.core.home import menu


def report_data(one: Incident) -> dict[str, Any]:
    """Values of the report (安全事件处置报告); JSON values, in the reader's language."""
    measure = MEASURES.get(one.measure)
    return {
        "company": str(menu.fact("company_name", None, "") or ""), "number": one.number, "title": one.title,
        "kind": str(one.get_kind_display()), "grade": str(one.get_grade_display()),
        "state": str(one.get_state_display()), "measure": f"{measure.key} {measure.title}" if measure else "",
        "alarm": f"{one.finding}: {one.finding.text}" if one.finding else "",
        "began": _moment(one.began_at), "noticed": _moment(one.noticed_at), "over": _moment(one.over_at),
        "minutes": round((one.over_at - one.began_at).total_seconds() / 60) if one.over_at else None,
        "touched": one.touched, "cause": one.cause, "conclusion": one.conclusion,
        "opened_by": str(one.opened_by), "ended_by": str(one.ended_by or ""), "closed_by": str(one.closed_by or ""),
        "closed": _moment(one.closed_at),
        "steps": [
            {"at": _moment(step.at), "text": step.text, "by": str(step.by)}
            for step in one.steps.select_related("by__person")
        ],
        "follow_ups": [
            {
                "what": row.what, "who": str(row.who), "due": row.due_on.isoformat(),
                "done": row.done_on.isoformat() if row.done_on else "", "result": row.result,
            }
            for row in follow_ups(one)
        ],
        "printed": _moment(timezone.now()),
    }  # fmt: skip


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
