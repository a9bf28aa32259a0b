"""Backups and restore drills on the board of operational safety."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from mainstay.continuity.backup.queries import Standing, offsite_standings, standings
from mainstay.continuity.backup.queries_journal import MOST_S, Received, of_hosts
from mainstay.continuity.backup.rules import Verdict
from mainstay.continuity.site.queries import declared
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


def look_at_journals(_now: datetime) -> Iterable[Seen]:
    """The probe of the journal off-site: each host that receives it has within seconds what was just written."""
    site = declared()
    if site is None or not site.journals() or connection.vendor != "postgresql":
        return []
    return [judge_journal(host, one, site.database.keep_wal_mb) for host, one in of_hosts(site).items()]


def judge_journal(host: str, one: Received, most_mb: int) -> Seen:
    """Green while a fire would cost seconds; red tells what is wrong and how much waits, of how much that may."""
    waiting = f"{one.waiting / (1 << 20):.0f} / {most_mb} MB"
    if not one.there:
        said = ("no slot is kept for it; look at mainstay-patroni", "没有为其保留复制槽；请查看 mainstay-patroni")
    elif one.given_up:
        said = (
            f"was silent so long that the servers gave up what waited for it ({waiting}); it begins anew by itself",
            f"中断过久，服务器已放弃为其保留的日志（{waiting}）；恢复后会自行重新接收",
        )
    elif not one.active:
        said = (
            f"does not receive the journal; {waiting} wait for it. Look at mainstay-journal there, and at the line",
            f"未在接收日志，待发 {waiting}；请查看该机的 mainstay-journal 和线路",
        )
    elif one.seconds is None:
        said = (
            f"is more than {MOST_S:.0f} s behind; {waiting} wait for it",
            f"落后超过 {MOST_S:.0f} 秒，待发 {waiting}",
        )
    else:
        return Seen(host, GREEN, figure=f"{one.seconds:.1f} s")
    return Seen(host, RED, *said, figure=waiting)
