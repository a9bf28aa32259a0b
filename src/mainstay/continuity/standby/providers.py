"""The mutual standby on the board of operational safety."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from mainstay.continuity.site.queries import declared
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, UNKNOWN, Seen
from mainstay.continuity.standby.observe import DOWN, OFFSITE, observe
from mainstay.continuity.standby.queries import last_rehearsals
from mainstay.continuity.standby.rules_rehearsal import SUBJECT, judge_rehearsals

REHEARSALS = "standby.rehearsals"
WORDS = {
    "no-database": ("no database accepts writes", "没有数据库可写"),
    "no-application": ("nobody runs the application", "应用未运行"),
    "no-copy": ("there is no second copy of the data", "数据没有第二份"),
    "votes": ("a vote is missing", "缺少一票表决"),
    "no-spare": ("no other server is ready", "另一台服务器未就绪"),
}


def look(_now: datetime) -> Iterable[Seen]:
    """The probe of the pair: both servers green, one amber, none red; unknown while none is declared or answers."""
    site = declared()
    if site is None:
        return [Seen("pair", UNKNOWN, "no site is declared yet", "尚未声明站点")]
    found = observe(site)
    if found.mode == DOWN and not any(one.votes or one.running for one in found.members):
        return [Seen("pair", UNKNOWN, "no host answers", "各主机均无应答")]
    figure = f"{found.application_on or '–'} / {found.database_on or '–'}"
    verdict = GREEN if found.whole else RED if found.mode == DOWN else AMBER
    told = [WORDS[one] for one in found.unprotected if one != OFFSITE]  # that is D7's
    return [Seen("pair", verdict, "; ".join(en for en, _zh in told), "；".join(zh for _en, zh in told), figure)]


def look_at_rehearsals(now: datetime) -> Iterable[Seen]:
    """The probe of rehearsals: whether one went well within the declared time."""
    site = declared()
    if site is None:
        return [Seen(SUBJECT, UNKNOWN, "no site is declared yet", "尚未声明站点")]
    return [judge_rehearsals(*last_rehearsals(), site.database.rehearse_days, now)]
