"""The operation log at the foot of every detail page."""

from __future__ import annotations

from typing import Any

from mainstay.core.audit.queries import changed, log_of_subject, title_of
from mainstay.core.audit.queries_words import changes_of
from mainstay.web.pages import LogLine


def lines_of(subject: Any, _user: Any) -> list[LogLine]:
    """Return what was done to a thing, newest first: one query."""
    lines = []
    for entry in log_of_subject(subject):
        notes = [entry.reason, *changes_of(subject, changed(entry.before, entry.after)[:4], entry.action)]
        who = f"{entry.by} + {entry.approver}" if entry.approver else str(entry.by)
        note = " · ".join(note for note in notes if note)
        lines.append(LogLine(entry.at, who, title_of(entry.action), note, entry.outcome == "refused"))
    return lines
