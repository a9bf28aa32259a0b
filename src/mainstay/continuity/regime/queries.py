"""How rules stand, what proves them, and the people's side: leavers, reviews, emergency rights, the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.regime.models import BreakGlass, Review, Rule, Violation
from mainstay.continuity.regime.rules import FEWEST_DAYS, Standing, judge_rule
from mainstay.continuity.site.queries import tiles
from mainstay.continuity.site.rules.verdict import AMBER, GREEN, RED, Seen
from mainstay.core.access.models import User
from mainstay.core.audit.models import Entry
from mainstay.core.door import register_right
from mainstay.core.publications.models import Acknowledgement, Publication
from mainstay.core.publications.queries import readers

VIEW = register_right("continuity.regime.view_rule", _("View management rules and their evidence"))
OWN = "D5"  # its own tile is no evidence of itself
QUARTER, SOON, LATE_CASE = timedelta(days=92), timedelta(days=14), timedelta(days=30)
MANY = 20  # refused attempts of one person in a day


def texts(rules: Iterable[Rule]) -> dict[str, Publication]:
    """By code the version of each rule in force, or the newest draft where none is yet: one query."""
    found: dict[str, Publication] = {}
    rows = Publication.objects.filter(code__in=[one.code for one in rules]).exclude(state=Publication.State.SUPERSEDED)
    for one in rows.select_related("unit").order_by("code", "version"):
        there = found.get(one.code)
        if there is None or there.state != Publication.State.PUBLISHED or one.state == Publication.State.PUBLISHED:
            found[one.code] = one
    return found


def standings(rules: Sequence[Rule]) -> list[tuple[Rule, Publication | None, Standing]]:
    """How rules stand: two queries, and one for each unit that they are published for."""
    known = texts(rules)
    published = {code: one for code, one in known.items() if one.state == Publication.State.PUBLISHED}
    units = {one.unit_id: one for one in published.values()}
    expected = {unit_id: readers(one).count() for unit_id, one in units.items()}
    read = Acknowledgement.objects.filter(publication__in=published.values(), user__is_active=True)
    counts = dict(read.values_list("publication").annotate(n=Count("pk")))
    return [(rule, known.get(rule.code), _standing(rule, known.get(rule.code), expected, counts)) for rule in rules]


def _standing(rule: Rule, text: Publication | None, expected: Mapping[int, int], counts: Mapping[int, int]) -> Standing:
    published = text is not None and text.state == Publication.State.PUBLISHED
    must = expected.get(text.unit_id, 0) if published and text else 0
    return Standing(
        name=f"{rule.code} {text.title_zh if text else ''}".strip(),
        published=published,
        review_on=rule.review_on,
        expected=must,
        read=min(must, counts.get(text.pk, 0)) if text else 0,
        read_by=text.acknowledge_by if text else None,
        evidence=tuple(key for key in rule.evidence if key != OWN),
    )


def verdicts(now: datetime) -> dict[str, str]:
    """The verdict of every measure: two queries."""
    return {one.measure.key: one.verdict for one in tiles(now)}


def look_at_rules(now: datetime) -> Iterable[Seen]:
    """The probe of rules: stale or red evidence turns a rule red by itself."""
    known, today = verdicts(now), timezone.localdate(now)
    found = [judge_rule(one, known, today) for _rule, _text, one in standings(list(Rule.objects.all()))]
    return found or [
        Seen(
            "rules",
            RED,
            "no management rule is entered; begin with the five drafts",
            "尚未录入管理制度；请从五份草案开始",
        )
    ]


def look_at_violations(now: datetime) -> Iterable[Seen]:
    """The probe of violations: none waits longer than a month."""
    today = timezone.localdate(now)
    late = Violation.objects.filter(settled_on=None, on__lt=today - LATE_CASE)
    found = [Seen(f"{one}", AMBER, "is not settled since a month", "一个月仍未处理", f"{one.on}") for one in late]
    return found or [Seen("violations", GREEN, figure=str(Violation.objects.filter(settled_on=None).count()))]


def look_at_people(now: datetime) -> Iterable[Seen]:
    """The probe of people: nobody who left can log in, reviews are made, the log is kept, attempts are few."""
    today = timezone.localdate(now)
    gone = User.objects.filter(is_active=True, person__left_on__lt=today)
    for user in gone:
        yield Seen(f"{user.username}", RED, "left the company, but the log-in is not locked", "已离职，登录尚未锁定")
    if not gone:
        yield Seen("leavers", GREEN)
    yield review_due(today, Review.objects.first())
    yield log_kept(now)
    yield from attempts(now)


def review_due(today: object, newest: Review | None) -> Seen:
    """Rights are reviewed each quarter."""
    name = "review of rights"
    if newest is None:
        return Seen(name, RED, "was never made", "从未复核权限")
    figure = f"{newest.on}"
    if newest.on + QUARTER < today:  # type: ignore[operator]
        return Seen(name, RED, "is older than a quarter", "权限复核已超过一个季度", figure)
    if newest.on + QUARTER - SOON < today:  # type: ignore[operator]
        return Seen(name, AMBER, "is due within two weeks", "两周内须复核权限", figure)
    return Seen(name, GREEN, figure=figure)


def log_kept(now: datetime) -> Seen:
    """The log is append-only; it holds all since its first row, of which 183 days are the least the law asks."""
    first = Entry.objects.aggregate(at=Min("at"))["at"]
    if first is None:
        return Seen("log", RED, "holds nothing", "操作日志为空")
    days = (now - first).days
    return Seen("log", GREEN, figure=f"{days} d (≥ {FEWEST_DAYS} d)" if days >= FEWEST_DAYS else f"{days} d")


def attempts(now: datetime) -> Iterable[Seen]:
    """People with many refused attempts within a day."""
    found: dict[str, int] = {}
    rows = Entry.objects.filter(at__gte=now - timedelta(days=1), outcome=Entry.Outcome.REFUSED)
    for name in rows.values_list("by__username", flat=True):
        found[name] = found.get(name, 0) + 1
    many = {name: n for name, n in found.items() if n >= MANY}
    for name, n in sorted(many.items()):
        yield Seen(f"attempts of {name}", RED, f"{n} refused attempts within a day", f"一天内 {n} 次越权尝试")
    if not many:
        yield Seen("refused attempts", GREEN, figure=str(sum(found.values())))


def look_at_break_glass(now: datetime) -> Iterable[Seen]:
    """The probe of emergency rights: red while one lasts, so that nobody forgets it."""
    held = BreakGlass.objects.filter(ended_at=None).select_related("user", "role")
    found = [
        Seen(f"{one}", RED, f"emergency right until {until}: {one.reason}", f"应急授权至 {until}：{one.reason}")
        for one in held
        for until in (f"{timezone.localtime(one.until_at):%m-%d %H:%M}",)
    ]
    return found or [Seen("emergency rights", GREEN, figure="0")]


def over(now: datetime) -> list[BreakGlass]:
    """Emergency rights whose time is over and that were not ended yet."""
    return list(BreakGlass.objects.filter(Q(ended_at=None), until_at__lte=now).select_related("grant", "user"))
