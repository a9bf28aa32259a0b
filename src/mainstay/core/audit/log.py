"""The operation log at the foot of every detail page."""

from __future__ import annotations

from typing import Any

from mainstay.core.audit.queries import differences, log_of_subject, title_of
from mainstay.web.pages import LogLine


def lines_of(subject: Any, _user: Any) -> list[LogLine]:
    """Return what was done to a thing, newest first: one query."""
    lines = []
    for entry in log_of_subject(subject):
        changes = [f"{name}: {before} → {after}" for name, before, after in differences(entry.before, entry.after)]
        notes = [entry.reason, *changes[:4]]
        who = f"{entry.by} + {entry.approver}" if entry.approver else str(entry.by)
        note = " · ".join(note for note in notes if note)
        lines.append(LogLine(entry.at, who, title_of(entry.action), note, entry.outcome == "refused"))
    return lines
