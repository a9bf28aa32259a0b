"""How grave an incident is, how soon it has to be over, and how one stands. Pure.

Kinds and grades are named as in GB/T 20986-2023 (guidelines for the classification of cyber security incidents).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, Seen

# How long handling may take, by grade: 1 is the gravest.
MOST = {1: timedelta(hours=1), 2: timedelta(hours=4), 3: timedelta(hours=24), 4: timedelta(hours=72)}
GRAVE = 2  # up to this grade an incident that is not over is red from its first minute
CLOSING = timedelta(days=7)  # so long a second person may take to look at one that is over


@dataclass(frozen=True, slots=True)
class Standing:
    """An incident as it is: `state` is open, over or closed; `late` follow-ups are past their day and not done."""

    name: str
    grade: int
    state: str
    noticed_at: datetime
    over_at: datetime | None = None
    late: int = 0


def due_at(grade: int, noticed_at: datetime) -> datetime:
    """When an incident of a grade has to be over."""
    return noticed_at + MOST[grade]


def judge_incident(one: Standing, now: datetime) -> Seen:
    """Grave ones are red until over, others when they take too long; so is one that nobody closes or follows up."""
    faults = (
        (one.state == "open" and now > due_at(one.grade, one.noticed_at), RED,
         "was not over in time; handle it now", "未按时处置完毕；请立即处置"),
        (one.state == "open" and one.grade <= GRAVE, RED, "is being handled", "正在处置"),
        (one.late > 0, RED, f"{one.late} follow-ups are overdue", f"{one.late} 项后续措施已逾期"),
        (one.state == "over" and one.over_at is not None and now - one.over_at > CLOSING, RED,
         "is over and nobody has closed it for a week", "已恢复，一周内无人复核结案"),
        (one.state == "open", AMBER, "is being handled", "正在处置"),
        (one.state == "over", AMBER, "is over; a second person closes it", "已恢复，待第二人结案"),
    )  # fmt: skip
    figure = f"{one.noticed_at:%m-%d %H:%M}"
    for holds, verdict, en, zh in faults:
        if holds:
            return Seen(one.name, verdict, en, zh, figure)
    return Seen(one.name, GREEN, figure=figure)
