"""From what was seen to a verdict (结论): green, amber, red, or unknown while nothing proves it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

GREEN, AMBER, RED, UNKNOWN = "green", "amber", "red", "unknown"
WORST_FIRST = (RED, AMBER, UNKNOWN, GREEN)
GRACE = 3  # a proof may be so many times as old as its rhythm before it proves nothing any more


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing a probe looked at: its name, the verdict, the reason in both languages, a figure that may change."""

    subject: str
    verdict: str
    en: str = ""
    zh: str = ""
    figure: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """When a probe last looked, and how often it should (s)."""

    at: datetime | None
    every_s: int

    def next_due(self, now: datetime) -> datetime:
        """When it has to look again; now when it never did."""
        return now if self.at is None else self.at + timedelta(seconds=self.every_s)

    def late(self, now: datetime) -> bool:
        """Whether what it saw is too old to prove anything."""
        return self.at is None or now - self.at > timedelta(seconds=GRACE * self.every_s)


def worst(verdicts: Iterable[str]) -> str:
    """The worst of some verdicts; unknown when there are none: what nobody looked at is not green."""
    found = set(verdicts)
    return next((one for one in WORST_FIRST if one in found), UNKNOWN)


def judged(verdicts: Iterable[str], proofs: Iterable[Proof], now: datetime) -> str:
    """The verdict of a measure: the worst seen, and never green while a proof is too old or missing."""
    found = worst(verdicts)
    if found == GREEN and any(one.late(now) for one in proofs):
        return UNKNOWN
    return found


SUBJECTS = {
    "firewall": "防火墙", "route": "出口路由", "default route": "默认路由", "IPv6 route": "IPv6 出口路由",
    "IPv6 default route": "IPv6 默认路由", "IPv6 router": "IPv6 路由器",
    "resolver": "域名解析", "wireless": "无线", "one-way": "单向数据包", "uploads": "上传文件扫描",
    "signatures": "病毒库", "clients": "客户端", "supply": "电源", "leavers": "离职人员",
    "review of rights": "权限复核", "log": "操作日志", "refused attempts": "越权尝试",
    "emergency rights": "应急授权", "visitors": "来访者",
    "violations": "违规案件", "rules": "管理制度", "register": "台账", "network": "网络", "neighbours": "邻居表",
    "votes": "表决", "pair": "双机", "backup": "备份", "drill": "恢复演练", "verify": "备份校验",
    "software": "软件归档", "off-site backup": "异地备份", "off-site drill": "异地恢复演练",
    "incidents": "安全事件", "rehearsal": "切换演练",
}  # fmt: skip


def in_words(subject: str, chinese: bool) -> str:
    """A probe's own word for a thing in the reader's language; names of things stay as they are."""
    return SUBJECTS.get(subject, subject.replace("discharge test", "放电试验")) if chinese else subject


def counts(verdict: str, excused_until: datetime | None, now: datetime) -> str:
    """A verdict as it counts: a red one that a person accepted for a time counts amber until then."""
    accepted = verdict == RED and excused_until is not None and excused_until > now
    return AMBER if accepted else verdict
