"""Background work of the copies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mainstay.continuity.backup import actions, batch, work
from mainstay.core.access.batch import system_user
from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job


@job(actions.MAKE_JOB, _("Back up the data"), attempts=1)
def make(row: Job, progress: Progress) -> None:
    """Copy into every repository; by schedule only when something was written since."""
    if row.arguments.get("asked") or not batch.unchanged_since_last():
        found = batch.copy_everywhere(system_user())
        progress.update(len(found), len(found))


@job(actions.SOFTWARE_JOB, _("Archive the software"), attempts=1)
def software(_row: Job, progress: Progress) -> None:
    """Copy the software into every repository."""
    found = batch.copy_software(system_user())
    progress.update(len(found), len(found))


@job(actions.DRILL_JOB, _("Restore drill"), attempts=1)
def drill(_row: Job, progress: Progress) -> None:
    """A fresh copy, then restored from nothing and compared. PostgreSQL's drill is a unit of the system's own."""
    if work.database() is None:
        return
    batch.copy_everywhere(system_user())
    progress.update(1, 2)
    batch.drill(system_user())
    progress.update(2, 2)


@job(actions.WATCH_JOB, _("Look at the age of backups and drills"))
def watch(_row: Job, progress: Progress) -> None:
    """To-dos for what is stale."""
    count = batch.watch()
    progress.update(count, count)
