"""When somebody on duty is told of an alarm, and in which words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from mainstay.continuity.site.rules.verdict import AMBER, RED

SETTLE = timedelta(minutes=1)  # what ends by itself within a minute wakes nobody
QUIET = timedelta(hours=1)  # one thing that comes and goes is told once in this time
REMIND = timedelta(hours=4)  # what stays red is told again after this time
NAMED = 3  # so many alarms by name in one message, the others as a number
LEAST = {"red": (RED,), "amber": (RED, AMBER)}


def is_due(since: datetime, told: datetime | None, now: datetime) -> bool:
    """Whether to tell of something that is wrong since a moment, told last at another (None: never)."""
    if now - since < SETTLE:
        return False
    if told is None:
        return True
    return now - told >= (REMIND if told >= since else QUIET)


def words(lines: Sequence[str]) -> str:
    """One message about some alarms."""
    more = len(lines) - NAMED
    return "运行安全告警：" + "；".join(lines[:NAMED]) + (f"；另有 {more} 项" if more > 0 else "")
