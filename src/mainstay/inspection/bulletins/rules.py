"""What a summary and a bulletin say, drafted from the numbers of a campaign. Pure.

The papers are Chinese official papers, so the drafts are written in Chinese whatever language the screen has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mainstay.inspection.campaigns.rules import Coverage

KEYS = ("overview", "coverage", "good", "problems", "typical", "requirements")
TITLES = {
    "overview": "一、检查概况",
    "coverage": "二、覆盖情况",
    "good": "三、好的做法",
    "problems": "四、问题分类统计",
    "typical": "五、典型问题",
    "requirements": "六、整改要求",
}
MOST_TYPICAL, MOST_ITEMS, MOST_GOOD = 8, 6, 5
BP = 100


@dataclass(frozen=True, slots=True)
class Problem_:
    """A kind of problem: item, how many targets have it, of what level."""

    item: str
    words: str
    count: int
    level: str


@dataclass(frozen=True, slots=True)
class Named:
    """One problem by name: whose, where, what, until when."""

    unit: str
    target: str
    finding: str
    level: str
    deadline_on: date
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a bulletin is drafted from."""

    name: str
    basis: str
    organisers: Sequence[str]
    from_on: date
    until_on: date
    groups: int
    inspectors: int
    whole: Coverage
    classes: Sequence[tuple[str, Coverage]]
    exempt: Sequence[tuple[str, str]]
    good: Sequence[tuple[str, int]]
    practices: Sequence[str]
    problems: Sequence[Problem_]
    named: Sequence[Named]
    hazards: int
    major: int
    repeats: int
    noticed: int
    closed: int


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a paper that people edit."""

    key: str
    title: str
    text: str


def draft(facts: Facts) -> list[Block]:
    """The bulletin's parts as a first draft."""
    texts = {
        "overview": _overview(facts),
        "coverage": _coverage(facts),
        "good": _good(facts),
        "problems": _problems(facts),
        "typical": _typical(facts),
        "requirements": _requirements(facts),
    }
    return [Block(key, TITLES[key], texts[key]) for key in KEYS]


def percent(bp: int) -> str:
    """Basis points as a percentage, cut to one decimal."""
    return f"{bp // BP}%" if bp % BP < 10 else f"{bp // BP}.{bp % BP // 10}%"  # noqa: PLR2004  # below one decimal


def day(on: date) -> str:
    """A day as papers write it."""
    return f"{on.year}年{on.month}月{on.day}日"


def _overview(facts: Facts) -> str:
    basis = f"根据{facts.basis}，" if facts.basis else ""
    return (
        f"{basis}{'、'.join(facts.organisers)}于{day(facts.from_on)}至{day(facts.until_on)}联合开展了{facts.name}。"
        f"检查共分{facts.groups}个组、{facts.inspectors}名检查人员，采取现场逐项查看、调阅录像、实地测试、查阅记录等方式，"
        f"共检查{facts.whole.inspected}个单位（处），发现隐患{facts.hazards}项，其中重大隐患{facts.major}项，"
        f"现场签发《隐患整改通知书》{facts.noticed}份，截至目前已整改销号{facts.closed}项。"
    )


def _coverage(facts: Facts) -> str:
    whole = facts.whole
    lines = [
        f"本次应检{whole.due}处，实检{whole.inspected}处，检查覆盖率{percent(whole.inspected_bp)}，到达率{percent(whole.reached_bp)}。"
    ]
    parts = [f"{name}应检{one.due}处、实检{one.inspected}处" for name, one in facts.classes]
    if parts:
        lines.append("其中：" + "；".join(parts) + "。")
    if facts.exempt:
        lines.append("经批准免检：" + "；".join(f"{name}（{why}）" for name, why in facts.exempt) + "。")
    return "\n".join(lines)


def _good(facts: Facts) -> str:
    lines = []
    if facts.good:
        names = "、".join(f"{name}（得分{percent(score)}）" for name, score in facts.good[:MOST_GOOD])
        lines.append(f"从检查情况看，多数单位能够落实安全防范制度。{names}等单位管理规范、制度执行较好，未发现隐患。")
    lines += [text for text in facts.practices if text]
    return "\n".join(lines) or "各单位总体能够按照要求落实安全防范制度。"


def _problems(facts: Facts) -> str:
    if not facts.problems:
        return "本次检查未发现隐患。"
    lines = [
        f"共发现隐患{facts.hazards}项：重大隐患{facts.major}项，一般隐患{facts.hazards - facts.major}项；"
        f"其中以往已销号又重复出现的{facts.repeats}项。问题较集中的检查项："
    ]
    for place, one in enumerate(facts.problems[:MOST_ITEMS], 1):
        level = "（重大）" if one.level == "major" else ""
        lines.append(f"{place}.{one.words}{level}：{one.count}处不合格。")
    return "\n".join(lines)


def _typical(facts: Facts) -> str:
    order = sorted(facts.named, key=lambda one: (one.level != "major", not one.repeat, one.unit))
    if not order:
        return "无。"
    lines = []
    for place, one in enumerate(order[:MOST_TYPICAL], 1):
        marks = "".join(("（重大隐患）" if one.level == "major" else "", "（重复隐患）" if one.repeat else ""))
        lines.append(f"{place}.{one.unit}{one.target}：{one.finding}{marks}，整改期限{day(one.deadline_on)}。")
    return "\n".join(lines)


def _requirements(facts: Facts) -> str:
    last = max((one.deadline_on for one in facts.named), default=facts.until_on)
    lines = [
        "（一）提高认识，压实责任。各单位主要负责人要亲自抓，对照通报举一反三，全面自查。",
        f"（二）限期整改，闭环销号。存在隐患的单位须在通知书期限内（最迟{day(last)}）完成整改并报送整改回执和照片，由检查组复查销号。",
    ]
    if facts.major:
        lines.append(
            "（三）重大隐患做到责任、措施、资金、期限、预案“五落实”，整改完成前采取可靠防范措施，须两人复查验收。"
        )
    if facts.repeats:
        lines.append("（四）对重复出现的隐患倒查管理责任，严肃问责。")
    return "\n".join(lines)


def draft_summary(group: str, facts: Facts) -> list[Block]:
    """A group's own summary (小结) as a first draft."""
    return [
        Block(
            "work",
            "一、检查开展情况",
            f"{group}按照方案共检查{facts.whole.inspected}处（分派{facts.whole.total}处），"
            f"发现隐患{facts.hazards}项，其中重大隐患{facts.major}项。\n{_coverage(facts)}",
        ),
        Block("good", "二、好的做法", ""),
        Block("problems", "三、发现的问题", _typical(facts)),
        Block("advice", "四、意见建议", ""),
    ]
