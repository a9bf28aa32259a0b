"""What people may do with the pair: move the application on purpose. A second person agrees first."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.site.queries import declared
from mainstay.continuity.standby.etcd import Silent
from mainstay.continuity.standby.models import Rehearsal
from mainstay.continuity.standby.observe import Status, ask_for_application, ask_for_database, observe
from mainstay.continuity.standby.rehearsal import Measured
from mainstay.core.door import action, note_change
from mainstay.core.jobs.actions import enqueue_job
from mainstay.core.jobs.models import Job, Schedule
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User

SWITCH = "continuity.standby.switch_application"
SWITCH_BASE = "continuity.standby.switch_database"
REHEARSE = "continuity.standby.rehearse_switch"
PLAN = "continuity.standby.plan_rehearsals"
RECORD = "continuity.standby.record_rehearsal"
REHEARSE_JOB = "continuity.standby.rehearse"
DAY_MINUTES = 24 * 60


@action(SWITCH, title=_("Switch the application to the other server"), subject=lambda to, **_: to, four_eyes="always")
def switch_application(*, to: str, reason: str, by: User) -> Status:
    """Ask the server that runs the application to give it to `to`; it does so when that one is ready, within seconds.

    Raises Problem (nothing moved): no declaration, `to` runs it already, is not ready, or the votes do not answer.
    """
    site = declared()
    if site is None or to not in {host.name for host in site.pair()}:
        raise Problem(_("There is no such server in the site declaration."), field="to", code="no_server")
    before = observe(site)
    if before.application_on == to:
        raise Problem(_("%(host)s runs the application already.") % {"host": to}, field="to", code="runs_already")
    spare = next(one for one in before.members if one.host == to)
    if spare.application != "ready":
        text = _("%(host)s is not ready to run the application. Nothing was moved; mend it first.")
        raise Problem(text % {"host": to}, field="to", code="not_ready")
    try:
        ask_for_application(site, to)
    except Silent:
        text = _("The votes do not answer. Nothing was moved; look at the three hosts.")
        raise Problem(text, code="silent") from None
    note_change(before={"application": before.application_on}, after={"application": to}, reason=reason.strip()[:200])
    return before


@action(SWITCH_BASE, title=_("Switch the database to the other server"), subject=lambda to, **_: to, four_eyes="always")
def switch_database(*, to: str, reason: str, by: User) -> Status:
    """Ask the server that leads the database to give it to `to`, which holds every acknowledged change.

    Raises Problem (nothing moved): no declaration, `to` leads already, its copy is not in step, or no votes.
    """
    site = declared()
    if site is None or to not in {host.name for host in site.pair()}:
        raise Problem(_("There is no such server in the site declaration."), field="to", code="no_server")
    before = observe(site)
    if before.database_on == to:
        raise Problem(_("The database is on %(host)s already.") % {"host": to}, field="to", code="runs_already")
    spare = next(one for one in before.members if one.host == to)
    if spare.database != "sync" or not spare.running:
        text = _("The copy on %(host)s is not in step: a switch could lose payments. Nothing was moved; mend it first.")
        raise Problem(text % {"host": to}, field="to", code="not_in_step")
    try:
        ask_for_database(site, to)
    except Silent:
        text = _("The votes do not answer. Nothing was moved; look at the three hosts.")
        raise Problem(text, code="silent") from None
    note_change(before={"database": before.database_on}, after={"database": to}, reason=reason.strip()[:200])
    return before


@action(REHEARSE, title=_("Rehearse the switch of the database"), four_eyes="always")
def rehearse_switch(*, reason: str, by: User) -> Job:
    """Move the database to the other server and back, and measure it. Raises Problem while a rehearsal is under way."""
    if declared() is None:
        raise Problem(_("No site is declared, so there is no second server to rehearse with."), code="no_site")
    if Job.objects.filter(kind=REHEARSE_JOB, state__in=[Job.State.WAITING, Job.State.RUNNING]).exists():
        raise Problem(_("A rehearsal is under way already."), code="under_way")
    note_change(reason=reason.strip()[:200])
    return enqueue_job(kind=REHEARSE_JOB, by=by)


@action(PLAN, title=_("Plan rehearsals of the switch"))
def plan_rehearsals(*, every_days: int, by: User) -> Schedule:
    """Rehearse by itself every so many days, at the hour it is now; 0 ends it. Raises Problem for a negative number."""
    if every_days < 0:
        raise Problem(_("Give a number of days, or 0 for never."), field="every_days", code="negative")
    minutes = max(1, every_days) * DAY_MINUTES
    first = timezone.now() + dt.timedelta(minutes=minutes)
    row, _made = Schedule.objects.get_or_create(
        kind=REHEARSE_JOB, defaults={"every_minutes": minutes, "next_at": first, "active": False}
    )
    before = {"every_minutes": row.every_minutes, "active": row.active}
    row.every_minutes, row.next_at, row.active = minutes, first, every_days > 0
    row.save(update_fields=["every_minutes", "next_at", "active"])
    note_change(before=before, after={"every_minutes": minutes, "active": row.active})
    return row


@action(RECORD, title=_("Note what a rehearsal measured"), subject=lambda measured, **_: measured.to_host)
def record_rehearsal(*, measured: Measured, by: User) -> Rehearsal:
    """Note one switch with its pause and its losses."""
    row = Rehearsal.objects.create(
        began_at=measured.began_at,
        from_host=measured.from_host,
        to_host=measured.to_host,
        gap_ms=round(measured.gap_s * 1000),
        acknowledged=measured.acknowledged,
        lost=measured.lost,
        fine=not measured.trouble,
        trouble=measured.trouble,
        by=by,
    )
    note_change(after={"gap_ms": row.gap_ms, "lost": row.lost, "trouble": row.trouble})
    return row
