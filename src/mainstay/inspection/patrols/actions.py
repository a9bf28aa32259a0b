"""Patrols: planned, changed, paused; their rounds made and closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.inspection.checklists.models import Checklist, ChecklistItem
from mainstay.inspection.patrols import batch
from mainstay.inspection.patrols.models import Patrol, PatrolPoint, PatrolRound, PatrolWalker
from mainstay.inspection.patrols.rules import LAST_ANCHOR, MOST_DAYS, windows
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Person, Unit
    from mainstay.inspection.campaigns.models import Target

AHEAD = timedelta(days=3)  # a phone takes the rounds of three days along: as long as its packet lasts
BACK = timedelta(days=62)  # rounds of days on which no server ran are made up for, so that they show as missed
KEPT_OPEN = timedelta(days=7)  # a phone may come back late from a cellar


def _unit(patrol: Patrol, **_facts: Any) -> int:
    return patrol.unit_id


def _about(patrol: Patrol, **_facts: Any) -> str:
    return f"patrols.patrol:{patrol.pk}"


@action("inspection.patrols.save_patrol", title=_("Plan a patrol"), unit=lambda unit, **_facts: unit.pk)
def save_patrol(
    *,
    unit: Unit,
    code: str,
    name_zh: str,
    rhythm: str,
    checklists: Sequence[Checklist],
    targets: Sequence[Target],
    leader: Person,
    walkers: Sequence[Person] = (),
    from_on: date,
    until_on: date | None = None,
    anchor: int = 1,
    days: int = 1,
    name_en: str = "",
    patrol: Patrol | None = None,
    by: User,
) -> Patrol:
    """Plan a patrol or change it: points in their order, people, rhythm. What is due is made at once.

    Rounds that were made stay as they are.

    Raises Problem: code taken, no point, a window that does not fit the rhythm, a checklist that is not in force, two
    checklists with the same item code.
    """
    if Patrol.objects.filter(code=code.strip()).exclude(pk=patrol.pk if patrol else 0).exists():
        raise Problem(_("There is a patrol with this code already."), field="code", code="taken")
    if not targets:
        raise Problem(_("Choose the points of the patrol."), field="targets", code="no_points")
    if until_on is not None and until_on < from_on:
        raise Problem(_("The last day is before the first."), field="until_on", code="window")
    _check_rhythm(rhythm, anchor, days)
    _check_checklists(checklists)
    row = patrol or Patrol()
    before = {"rhythm": row.rhythm, "anchor": row.anchor, "days": row.days} if patrol else None
    row.unit, row.code, row.name_zh, row.name_en = unit, code.strip(), name_zh.strip(), name_en.strip()
    row.rhythm, row.anchor, row.days, row.from_on, row.until_on = rhythm, anchor, days, from_on, until_on
    row.save()
    row.checklists.set(checklists)
    row.points.all().delete()
    PatrolPoint.objects.bulk_create(
        PatrolPoint(patrol=row, target=target, order=order) for order, target in enumerate(targets, 1)
    )
    row.walkers.all().delete()
    others = {person.pk: person for person in walkers if person.pk != leader.pk}
    PatrolWalker.objects.bulk_create(
        [PatrolWalker(patrol=row, person=leader, leads=True)]
        + [PatrolWalker(patrol=row, person=person) for person in others.values()]
    )
    after = {"rhythm": rhythm, "anchor": anchor, "days": days, "points": len(targets)}
    _make_due(row, local_today())
    note_change(subject=f"patrols.patrol:{row.pk}", before=before, after=after)
    return row


def _check_rhythm(rhythm: str, anchor: int, days: int) -> None:
    if not 1 <= anchor <= LAST_ANCHOR[rhythm]:
        text = _("Weeks have the days 1 (Monday) to 7; for months choose a day from 1 to 28.")
        raise Problem(text, field="anchor", code="anchor")
    if not 1 <= days <= MOST_DAYS[rhythm]:
        most = _("A round has to end before the next begins: at most %(n)s days.") % {"n": MOST_DAYS[rhythm]}
        raise Problem(most, field="days", code="days")


def _check_checklists(checklists: Sequence[Checklist]) -> None:
    versions = batch.versions_of(checklists)
    without = [str(one) for one in checklists if one.pk not in versions]
    if without or not checklists:
        text = _("Choose checklists that are in force: %(names)s") % {"names": "、".join(without)}
        raise Problem(text, field="checklists", code="not_in_force")
    codes = list(ChecklistItem.objects.filter(version__in=versions.values()).values_list("code", flat=True))
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        said = _("Two of the checklists use the same codes: %(codes)s") % {"codes": ", ".join(twice[:5])}
        raise Problem(said, field="checklists", code="codes_twice")


@action("inspection.patrols.pause_patrol", title=_("Pause a patrol or go on with it"), unit=_unit, subject=_about)
def pause_patrol(*, patrol: Patrol, paused: bool, reason: str = "", by: User) -> Patrol:
    """Make no more rounds, or make them again from now on; the days of the pause are not made up for."""
    lock("patrol", patrol.pk)
    patrol.refresh_from_db()
    if paused and not reason.strip():
        raise Problem(_("Say why no rounds are walked."), field="reason", code="no_reason")
    note_change(before={"paused": patrol.paused}, after={"paused": paused}, reason=reason)
    patrol.paused = paused
    if not paused:
        patrol.from_on = max(patrol.from_on, local_today())
    patrol.save(update_fields=["paused", "from_on"])
    return patrol


@action("inspection.patrols.make_rounds", title=_("Make the rounds that are due"), unit=_unit, subject=_about)
def make_rounds(*, patrol: Patrol, today: date, by: User) -> list[PatrolRound]:
    """Make every round that begins until three days from `today` and is not made yet; close those long over.

    Running it again makes nothing twice. Returns what was made.
    """
    lock("patrol", patrol.pk)
    patrol.refresh_from_db()
    batch.close_rounds(patrol, today - KEPT_OPEN)
    made = _make_due(patrol, today)
    if made:
        note_change(after={"rounds": [f"{one.from_on}" for one in made]})
    return made


def _make_due(patrol: Patrol, today: date) -> list[PatrolRound]:
    if patrol.paused:
        return []
    last = today + AHEAD if patrol.until_on is None else min(today + AHEAD, patrol.until_on)
    first = max(patrol.from_on, today - BACK)
    have = set(patrol.rounds.filter(from_on__gte=first).values_list("from_on", flat=True))
    newest = max(have, default=None)
    due = windows(patrol.rhythm, patrol.anchor, patrol.days, first, last)
    wanted = [one for one in due if one.first not in have and (newest is None or one.first > newest)]
    return batch.create_rounds(patrol, wanted)
