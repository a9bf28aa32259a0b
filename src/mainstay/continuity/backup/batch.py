"""What runs by itself: backups, drills, the look at their age."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from mainstay.continuity.backup import actions, declared, pgbackrest, places, queries, work
from mainstay.continuity.backup.batch_seals import sealed_tables
from mainstay.continuity.backup.pgbackrest import Place
from mainstay.continuity.backup.rules import Kind, Outcome, Verdict
from mainstay.core.access.batch import system_user
from mainstay.core.events.providers import provide
from mainstay.core.jobs.actions import enqueue_job
from mainstay.core.jobs.models import Job, Schedule
from mainstay.core.todos.actions import open_todo

if TYPE_CHECKING:
    from mainstay.core.access.models import User

COPY_MINUTES, DAY_MINUTES, HOUR_MINUTES, WEEK_MINUTES = 15, 24 * 60, 60, 7 * 24 * 60
NIGHT = dt.time(2, 30)
TITLES = {
    Kind.BACKUP: gettext_noop("The last backup is stale or failed"),
    Kind.DRILL: gettext_noop("The last restore drill is stale or failed"),
    Kind.VERIFY: gettext_noop("A repository was not read through, or is damaged"),
    Kind.SOFTWARE: gettext_noop("The software's archive is stale"),
}


@provide("install_schedules")
def install_schedule() -> None:
    """Copies every quarter of an hour, the drill each night, the software each week; what is set already stays."""
    now = timezone.now()
    night = timezone.localtime().replace(hour=NIGHT.hour, minute=NIGHT.minute, second=0, microsecond=0)
    night += dt.timedelta(days=1) if night <= now else dt.timedelta()
    soon = now + dt.timedelta(minutes=COPY_MINUTES)
    rows = (
        (actions.MAKE_JOB, COPY_MINUTES, soon),
        (actions.DRILL_JOB, DAY_MINUTES, night),
        (actions.SOFTWARE_JOB, WEEK_MINUTES, night + dt.timedelta(minutes=30)),
        (actions.WATCH_JOB, HOUR_MINUTES, now + dt.timedelta(days=1)),
    )
    for kind, minutes, first in rows:
        Schedule.objects.get_or_create(kind=kind, defaults={"every_minutes": minutes, "next_at": first})


@provide("extra_backup")
def extra_backup(*, reason: str) -> str:
    """Queue one more backup, for whoever asks (the power policy); says what was done."""
    if Job.objects.filter(kind=actions.MAKE_JOB, state=Job.State.WAITING).exists():
        return "a backup waits already"
    row = enqueue_job(kind=actions.MAKE_JOB, arguments={"asked": True}, subject=reason[:80], by=system_user())
    return f"job {row.pk}"


def copy_everywhere(by: User) -> list[Outcome]:
    """A copy in every repository, each on record."""
    found = [work.back_up(one) for one in places.repositories()]
    for one in found:
        actions.record_proof(outcome=one, by=by)
    return found


def copy_software(by: User) -> list[Outcome]:
    """The software in every repository, each on record."""
    found = [work.back_up_software(one) for one in places.repositories()]
    for one in found:
        actions.record_proof(outcome=one, by=by)
    return found


def drill(by: User, moment: dt.datetime | None = None) -> list[Outcome]:
    """Restore from the repository farthest away and compare; read every repository through. Each is on record."""
    found = work.prove(places.repository(), moment)
    actions.record_proof(outcome=found, by=by)
    return [found, *read_through(by)]


def read_through(by: User) -> list[Outcome]:
    """Read every piece of every repository, on record."""
    found = [work.verify(one) for one in places.repositories() if one.exists()]
    for one in found:
        actions.record_proof(outcome=one, by=by)
    return found


def drill_postgresql(place: Place, by: User, moment: dt.datetime | None = None) -> list[Outcome]:
    """The same for PostgreSQL: the repository farthest away alone, then every repository read through."""
    name = next(iter(place.offsite), place.repositories[0])
    found = [pgbackrest.prove(place, name, declared.address(), sealed_tables(), moment)]
    found += [pgbackrest.verify(place, one) for one in place.repositories]
    for one in found:
        actions.record_proof(outcome=one, by=by)
    return found


def unchanged_since_last() -> bool:
    """Whether nobody has changed any data since the last good copy: then another one would be the same."""
    last = queries.proofs().filter(kind__in=[Kind.BACKUP, Kind.FILES]).first()
    return last is not None and last.fine and last.facts.get("last_act") == work.last_act()


def watch(now: dt.datetime | None = None) -> int:
    """Open a to-do for every measure that is stale or failed; returns how many there are."""
    stale = [one for one in queries.standings(now) if one.verdict != Verdict.FINE]
    for one in stale:
        titles = {}
        for language in ("zh-hans", "en"):
            with override(language):
                titles[language] = _(TITLES[one.kind])
        open_todo(
            kind=actions.STALE,
            subject=str(one.kind),
            title_zh=titles["zh-hans"],
            title_en=titles["en"],
            url="/backup/",
            right=actions.BACK_UP,
            due_at=timezone.now() + dt.timedelta(days=1),
        )
    return len(stale)
