"""The queue in the database: taking jobs, keeping them alive, reviving those of dead workers, schedules."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from mainstay.core.access.models import User
from mainstay.core.jobs.models import Job, Schedule
from mainstay.core.jobs.registry import MAX_ATTEMPTS, kinds

BEAT = timedelta(seconds=15)
DEAD_AFTER = timedelta(seconds=90)
SYSTEM_USER = "system"


def claim_job(worker: str) -> Job | None:
    """Take the job that waits longest, or None. Two workers never get the same one."""
    now = timezone.now()
    with transaction.atomic():
        job = (
            Job.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state=Job.State.WAITING, run_after__lte=now)
            .order_by("run_after", "id")
            .first()
        )
        if job is None:
            return None
        job.state, job.worker, job.attempts = Job.State.RUNNING, worker[:80], job.attempts + 1
        job.started_at, job.heartbeat_at, job.error = job.started_at or now, now, ""
        job.save(update_fields=["state", "worker", "attempts", "started_at", "heartbeat_at", "error"])
        return job


def keep_alive(job: Job) -> bool:
    """Say that the worker lives; False when the job is no longer this worker's (cancelled, or taken for dead)."""
    mine = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, worker=job.worker)
    return bool(mine.update(heartbeat_at=timezone.now()))


def revive_dead() -> int:
    """Put jobs whose worker gave no sign back in the queue, or fail them after too many tries; returns how many."""
    now = timezone.now()
    limits = {kind.kind: kind.attempts for kind in kinds()}
    dead = Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=now - DEAD_AFTER)
    spent = Q(pk=None)
    for kind, attempts in limits.items():
        spent |= Q(kind=kind, attempts__gte=attempts)
    spent |= Q(attempts__gte=MAX_ATTEMPTS) & ~Q(kind__in=limits)
    text = "The worker gave no more sign of life, several times."
    failed = dead.filter(spent).update(state=Job.State.FAILED, ended_at=now, error=text)
    return failed + dead.update(state=Job.State.WAITING, worker="", run_after=now)


def put_back(job: Job) -> None:
    """Give a job back unfinished because the worker ends; that try does not count."""
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, worker=job.worker).update(
        state=Job.State.WAITING, worker="", attempts=F("attempts") - 1, run_after=timezone.now()
    )


def end_job(job: Job, state: str, error: str = "") -> None:
    """Finish a job, unless it was cancelled or given to another worker meanwhile."""
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, worker=job.worker).update(
        state=state, ended_at=timezone.now(), error=error[:4000], heartbeat_at=timezone.now()
    )


def retry_later(job: Job, error: str) -> None:
    """Try a job again after a pause that doubles each time."""
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, worker=job.worker).update(
        state=Job.State.WAITING, worker="", error=error[:4000],
        run_after=timezone.now() + timedelta(seconds=30) * 2 ** (job.attempts - 1),
    )  # fmt: skip


def enqueue_due() -> int:
    """Enqueue the jobs of schedules that are due; missed times are made up for once. Returns how many."""
    now, count = timezone.now(), 0
    with transaction.atomic():
        due = Schedule.objects.select_for_update(skip_locked=True).filter(active=True, next_at__lte=now)
        for schedule in due:
            Job.objects.create(
                kind=schedule.kind, arguments=schedule.arguments, subject="schedule", by=system_user(),
                created_at=now, run_after=now,
            )  # fmt: skip
            every = timedelta(minutes=max(1, schedule.every_minutes))
            missed = (now - schedule.next_at) // every + 1
            schedule.next_at += every * missed
            schedule.save(update_fields=["next_at"])
            count += 1
    return count


def system_user() -> User:
    """The user in whose name schedules run; nobody can log in as it."""
    user, made = User.objects.get_or_create(username=SYSTEM_USER, defaults={"kind": User.Kind.SYSTEM})
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user
