"""Backups and restore drills on the board of operational safety."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from mainstay.continuity.backup.queries import Standing, offsite_standings, standings
from mainstay.continuity.backup.rules import Verdict
from mainstay.continuity.site.rules.verdict import GREEN, RED, UNKNOWN, Seen

WORDS = {
    Verdict.FINE: (GREEN, "", ""),
    Verdict.LATE: (RED, "the last one is too old", "上一次已过期"),
    Verdict.FAILED: (RED, "the last one failed", "上一次失败"),
    Verdict.NEVER: (UNKNOWN, "was never made", "从未做过"),
}


def look(now: datetime) -> Iterable[Seen]:
    """The probe of copies: backup, drill, verification, archive of the software, each by its last proof.

    A fresh copy in the same building does not stand for one outside: the off-site copy and the drill that restored
    from it are judged by themselves.
    """
    return [
        *(_seen(str(one.kind), one) for one in standings(now)),
        *(_seen(f"off-site {one.kind}", one) for one in offsite_standings(now)),
    ]


def _seen(subject: str, one: Standing) -> Seen:
    return Seen(subject, *WORDS[one.verdict], f"{one.last.began_at:%m-%d %H:%M}" if one.last else "")
