"""Whether the switch was rehearsed lately, and went well (切换演练). No clock, no database."""

from __future__ import annotations

from datetime import datetime, timedelta

from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, Seen

SOON = timedelta(days=14)
SUBJECT = "rehearsal"
# What went wrong in a rehearsal, by its word: the verdict and the reason.
TOLD = {
    "not-whole": (AMBER, "the last one did not begin: the pair was not whole", "上次演练未开始：双机不完整"),
    "slow": (AMBER, "the last one was slower than it may be", "上次演练超过允许时间"),
    "votes": (RED, "the last one failed: the votes did not answer", "上次演练失败：表决未应答"),
    "not-moved": (RED, "the last one failed: the database did not move", "上次演练失败：数据库未切换"),
    "lost": (RED, "the last one lost acknowledged writes", "上次演练丢失了已确认的写入"),
}


def judge_rehearsals(
    good_at: datetime | None, last: tuple[datetime, str] | None, every_days: int, now: datetime
) -> Seen:
    """The verdict on rehearsals: `good_at` of the last that went well, `last` of any with its trouble ("" for none).

    Too old or never is red, due within two weeks (or a quarter of a short rhythm) amber; a last one that failed as
    it failed.
    """
    if last is None:
        return Seen(SUBJECT, RED, "the switch was never rehearsed", "从未做过切换演练")
    figure = f"{(good_at or last[0]):%Y-%m-%d}"
    every = timedelta(days=every_days)
    if good_at is None or now - good_at > every:
        text = (f"no rehearsal went well for {every_days} days", f"{every_days} 天内没有成功的切换演练")
        return Seen(SUBJECT, RED, *text, figure)
    if last[1]:
        return Seen(SUBJECT, *TOLD[last[1]], figure)
    if good_at + every - now <= min(SOON, every / 4):
        return Seen(SUBJECT, AMBER, "the next rehearsal is due soon", "即将到期，须再次演练", figure)
    return Seen(SUBJECT, GREEN, figure=figure)
