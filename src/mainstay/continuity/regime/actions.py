"""Rules entered, reviewed; violations; reviews of rights; rights in an emergency."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.regime import queries
from mainstay.continuity.regime.library import drafts
from mainstay.continuity.regime.models import BreakGlass, Review, Rule, Violation
from mainstay.continuity.site.batch import record
from mainstay.continuity.site.registry import MEASURES
from mainstay.core.access.actions.roles import end_grant, grant_role
from mainstay.core.access.batch import system_user
from mainstay.core.access.models import Grant, Role, User
from mainstay.core.door import action, note_change, refuse
from mainstay.core.publications.actions import edit_publication
from mainstay.core.publications.models import Publication
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.organisation.models import Unit

DRAFTS, SAVE, REVIEW = (f"continuity.regime.{one}" for one in ("enter_drafts", "save_rule", "review_rule"))
REPORT, SETTLE = "continuity.regime.report_violation", "continuity.regime.settle_violation"
RIGHTS, GLASS, END = (f"continuity.regime.{one}" for one in ("review_rights", "break_glass", "end_break_glass"))
HOURS = range(1, 25)


def _look() -> None:
    now = timezone.now()
    record("regime.rules", "", queries.look_at_rules(now), now)


def _person(user: User, **_facts: object) -> str:
    return f"access.user:{user.pk}"


def _about(rule: Rule, **_facts: object) -> str:
    return f"regime.rule:{rule.pk}"


@action(DRAFTS, title=_("Enter the five named rules as drafts"))
def enter_drafts(*, unit: Unit, owner: str, by: User) -> int:
    """Enter the rules that are missing, each with its text as a draft to be edited; returns how many are new."""
    made = 0
    for one in drafts():
        if Rule.objects.filter(code=one.code).exists():
            continue
        review_on = local_today() + timedelta(days=365)
        Rule.objects.create(code=one.code, owner=owner, review_on=review_on, evidence=list(one.evidence))
        if not Publication.objects.filter(code=one.code).exists():
            edit_publication(
                code=one.code,
                title_zh=one.title_zh,
                title_en=one.title_en,
                body=one.body,
                kind="rule",
                unit=unit,
                by=by,
            )
        made += 1
    note_change(after={"new": made})
    _look()
    return made


@action(SAVE, title=_("Change a management rule"))
def save_rule(
    *,
    code: str,
    owner: str,
    review_on: date,
    review_days: int,
    evidence: Sequence[str],
    rule: Rule | None = None,
    by: User,
) -> Rule:
    """Enter a rule or change its owner, review and evidence; its text is a publication of the same code.

    Raises Problem: the code is taken, a measure that is none.
    """
    if Rule.objects.filter(code=code.strip()).exclude(pk=rule.pk if rule else 0).exists():
        raise Problem(_("There is a rule with this code already."), field="code", code="taken")
    if strange := [key for key in evidence if key not in MEASURES]:
        raise Problem(_("There is no such measure."), field="evidence", code=strange[0])
    row = rule or Rule()
    row.code, row.owner, row.review_on, row.review_days = code.strip(), owner.strip(), review_on, review_days
    row.evidence = list(evidence)
    row.save()
    note_change(subject=f"regime.rule:{row.pk}", after={"code": row.code, "evidence": row.evidence})
    _look()
    return row


@action(REVIEW, title=_("Review a management rule"), subject=_about)
def review_rule(*, rule: Rule, note: str, by: User) -> Rule:
    """Say that the rule was looked through and stays, or what has to change; the next review is a rhythm away."""
    before = rule.review_on
    rule.review_on = local_today() + timedelta(days=rule.review_days)
    rule.save(update_fields=["review_on"])
    note_change(before={"review_on": f"{before}"}, after={"review_on": f"{rule.review_on}"}, reason=note)
    _look()
    return rule


@action(REPORT, title=_("Report a violation of a rule"), subject=_about)
def report_violation(*, rule: Rule, on: date, who: str, what: str, by: User) -> Violation:
    """Open a case. Raises Problem: the day has not come yet."""
    if on > local_today():
        raise Problem(_("This day has not come yet."), field="on", code="future")
    return Violation.objects.create(rule=rule, on=on, who=who.strip(), what=what.strip(), by=by)


@action(SETTLE, title=_("Settle a violation"), subject=lambda violation, **_f: f"regime.violation:{violation.pk}")
def settle_violation(*, violation: Violation, outcome: str, by: User) -> Violation:
    """Close a case with what was decided; nobody settles the case that he reported. Raises Problem: settled already."""
    if violation.settled_on:
        raise Problem(_("This case is settled already."), code="settled")
    if violation.by_id == by.pk:
        refuse(_("Somebody else settles a case than the person who reported it."))
    violation.outcome, violation.settled_on = outcome.strip(), local_today()
    violation.save(update_fields=["outcome", "settled_on"])
    note_change(after={"outcome": violation.outcome})
    return violation


@action(RIGHTS, title=_("Review everybody's rights"))
def review_rights(*, found: str, by: User) -> Review:
    """Record that every grant was looked at: how many there are today, and what was found."""
    today = local_today()
    count = Grant.objects.filter(from_on__lte=today).exclude(until_on__lt=today).count()
    made = Review.objects.create(on=today, grants=count, found=found.strip(), by=by)
    note_change(after={"grants": count})
    now = timezone.now()
    record("regime.people", "", queries.look_at_people(now), now)
    return made


@action(GLASS, title=_("Give a role for hours in an emergency"), subject=_person, four_eyes="always")
def break_glass(*, user: User, role: Role, unit: Unit, hours: int, reason: str, by: User) -> BreakGlass:
    """Give a role until some hours from now; a second person agrees, the board is red while it lasts.

    Administrators' roles are never given so. Raises Problem: not 1 to 24 hours, a protected role.
    """
    if hours not in HOURS:
        raise Problem(_("Choose 1 to 24 hours."), field="hours", code="hours")
    if role.protected:
        raise Problem(_("An administrator's role is not given in an emergency."), field="role", code="protected")
    now, today = timezone.now(), local_today()
    grant = grant_role(role=role, unit=unit, user=user, until_on=today + timedelta(days=1), by=by)
    made = BreakGlass.objects.create(
        role=role, user=user, grant=grant, reason=reason.strip(), from_at=now, until_at=now + timedelta(hours=hours)
    )
    record("regime.break_glass", "", queries.look_at_break_glass(now), now)
    return made


@action(END, title=_("End an emergency right"), subject=lambda glass, **_f: f"regime.breakglass:{glass.pk}")
def end_break_glass(*, glass: BreakGlass, by: User) -> BreakGlass:
    """Take the role back now. Raises Problem: it is over already."""
    if glass.ended_at:
        raise Problem(_("This emergency right is over already."), code="over")
    if glass.grant_id and (grant := Grant.objects.filter(pk=glass.grant_id).first()):
        end_grant(grant=grant, reason=glass.reason, by=by)
    now = timezone.now()
    glass.grant, glass.ended_at = None, now
    glass.save(update_fields=["grant", "ended_at"])
    record("regime.break_glass", "", queries.look_at_break_glass(now), now)
    return glass


def end_all_over() -> int:
    """End every emergency right whose time is over; returns how many."""
    found = queries.over(timezone.now())
    for one in found:
        end_break_glass(glass=one, by=system_user())
    return len(found)
