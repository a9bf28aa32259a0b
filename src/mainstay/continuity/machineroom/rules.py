"""When something of the room is due, and who should not be in it any more. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, Seen

SOON = timedelta(days=14)
LONGEST_VISIT = timedelta(hours=12)


def judge_item(name: str, last_on: date | None, fine: bool, every_days: int, today: date) -> Seen:
    """Something to be checked regularly: never or too long ago is red, due within two weeks amber, failed red."""
    if last_on is None:
        return Seen(name, RED, "was never checked", "从未检查")
    due_on = last_on + timedelta(days=every_days)
    figure = f"{due_on:%Y-%m-%d}"
    if not fine:
        return Seen(name, RED, "failed its last check; mend it and check again", "上次检查不合格；请整改后复查", figure)
    if due_on < today:
        return Seen(name, RED, "its check is overdue", "检查已逾期", figure)
    if due_on - today <= min(SOON, timedelta(days=every_days) / 4):
        return Seen(name, AMBER, "is due soon", "即将到期", figure)
    return Seen(name, GREEN, figure=figure)


def judge_visit(who: str, came_at: datetime, now: datetime) -> Seen:
    """A visitor in the room: longer than twelve hours is red, because somebody forgot to let him out."""
    figure = f"{came_at:%m-%d %H:%M}"
    if now - came_at > LONGEST_VISIT:
        return Seen(who, RED, "has not signed out for twelve hours", "超过十二小时未登记离开", figure)
    return Seen(who, GREEN, figure=figure)
