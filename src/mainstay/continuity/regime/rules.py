"""Whether a rule holds: in force, reviewed, read, not contradicted by its evidence. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, UNKNOWN, Seen

SOON = timedelta(days=30)
FEWEST_DAYS = 183  # how long the log has to be kept by law, at least


@dataclass(frozen=True, slots=True)
class Standing:
    """How a rule stands: published or not, when to review, how many must read and have, until when they had to."""

    name: str
    published: bool
    review_on: date
    expected: int = 0
    read: int = 0
    read_by: date | None = None
    evidence: Sequence[str] = ()


def judge_rule(one: Standing, verdicts: Mapping[str, str], today: date) -> Seen:
    """A rule not in force, not reviewed in time, or whose evidence is red is red; unread or unproven is amber."""
    figure = f"{one.read} / {one.expected}" if one.published else ""
    red = [key for key in one.evidence if verdicts.get(key, UNKNOWN) == RED]
    stale = [key for key in one.evidence if verdicts.get(key, UNKNOWN) == UNKNOWN]
    unread = one.published and one.read < one.expected and one.read_by is not None and one.read_by < today
    faults = (
        (not one.published, RED, "is not in force yet; edit and publish it", "尚未发布；请修订后发布"),
        (one.review_on < today, RED, "its review is overdue", "复审已逾期"),
        (bool(red), RED, f"its evidence is red: {', '.join(red)}", f"其依据为红色：{'、'.join(red)}"),
        (bool(stale), RED, f"its evidence is too old: {', '.join(stale)}", f"其依据缺失或过时：{'、'.join(stale)}"),
        (unread, AMBER, f"{one.expected - one.read} people have not read it", f"{one.expected - one.read} 人尚未阅知"),
        (one.review_on - today <= SOON, AMBER, "its review is due within a month", "一个月内须复审"),
    )  # fmt: skip
    for holds, verdict, en, zh in faults:
        if holds:
            return Seen(one.name, verdict, en, zh, figure)
    return Seen(one.name, GREEN, figure=figure)
