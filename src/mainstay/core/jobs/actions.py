"""Acts on the queue."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import action, note_change, register_right
from mainstay.core.jobs.models import Job, Schedule
from mainstay.core.jobs.registry import job_kind
from mainstay.kit.errors import Problem

VIEW_JOB = register_right("core.jobs.view_job", _("View background jobs"))


def _subject(*, job: Job, **_facts: Any) -> str:
    return f"jobs.job:{job.pk}"


@action("core.jobs.enqueue_job", title=_("Start a background job"))
def enqueue_job(
    *,
    kind: str,
    by: User,
    arguments: dict[str, Any] | None = None,
    subject: str = "",
    run_after: datetime | None = None,
) -> Job:
    """Put a job in the queue; inside another act it starts only if that act commits."""
    job_kind(kind)
    now = timezone.now()
    return Job.objects.create(
        kind=kind, arguments=arguments or {}, subject=subject, by=by, created_at=now, run_after=run_after or now
    )


@action("core.jobs.cancel_job", title=_("Cancel a background job"), subject=_subject)
def cancel_job(*, job: Job, by: User) -> Job:
    """Cancel a job that waits or runs; a running one stops at the next safe place."""
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if locked.state not in {Job.State.WAITING, Job.State.RUNNING}:
        raise Problem(_("This job is over already; there is nothing to cancel."), code="job_over")
    note_change(before={"state": locked.state}, after={"state": Job.State.CANCELLED})
    locked.state, locked.ended_at = Job.State.CANCELLED, timezone.now()
    locked.save(update_fields=["state", "ended_at"])
    return locked


@action("core.jobs.retry_job", title=_("Try a background job again"), subject=_subject)
def retry_job(*, job: Job, by: User) -> Job:
    """Put a failed or cancelled job back in the queue; it goes on where it was."""
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if locked.state not in {Job.State.FAILED, Job.State.CANCELLED}:
        raise Problem(_("Only a failed or cancelled job can be tried again."), code="job_not_failed")
    note_change(before={"state": locked.state}, after={"state": Job.State.WAITING})
    locked.state, locked.attempts, locked.ended_at = Job.State.WAITING, 0, None
    locked.error, locked.worker, locked.run_after = "", "", timezone.now()
    locked.save()
    return locked


@action("core.jobs.set_schedule", title=_("Change a schedule"))
def set_schedule(*, kind: str, every_minutes: int, active: bool, by: User) -> Schedule:
    """Say how often a kind of job starts by itself (at least every minute), or switch it off."""
    job_kind(kind)
    if every_minutes < 1:
        raise Problem(_("Give at least one minute."), field="every_minutes")
    schedule, _made = Schedule.objects.get_or_create(
        kind=kind, defaults={"every_minutes": every_minutes, "active": active, "next_at": timezone.now()}
    )
    note_change(
        subject=f"jobs.schedule:{schedule.pk}",
        before={"every_minutes": schedule.every_minutes, "active": schedule.active},
        after={"every_minutes": every_minutes, "active": active},
    )
    schedule.every_minutes, schedule.active = every_minutes, active
    schedule.save(update_fields=["every_minutes", "active"])
    return schedule
