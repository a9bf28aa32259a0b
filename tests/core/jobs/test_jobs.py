"""The queue: claim, progress, retry, death, cancel, stop, schedules."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from mainstay.core.jobs import actions, batch, registry
from mainstay.core.jobs.models import Job, Schedule
from mainstay.core.jobs.worker import Cancelled, Stopped, run_job, work
from mainstay.kit.errors import Problem
from tests.core.make import make_unit, make_user

pytestmark = pytest.mark.django_db
KIND = "test.work"


@pytest.fixture
def work_of(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """A kind of job that does what the test puts into the list."""
    steps: list[object] = []
    Schedule.objects.all().delete()  # those that the product brings

    def run(job: Job, progress: registry.Progress) -> None:
        for step in list(steps):
            step(job, progress)  # type: ignore[operator]

    monkeypatch.setitem(registry._kinds, KIND, registry.JobKind(KIND, "Test", run))
    yield steps


def enqueue() -> Job:
    user = make_user(rights={"core.jobs.enqueue_job": ("all", None)}, unit=make_unit())
    return actions.enqueue_job(kind=KIND, arguments={"n": 1}, subject="x:1", by=user)


def once() -> int:
    return work(stop=threading.Event(), once=True)


def test_a_job_is_done_with_its_progress(work_of: list[object]) -> None:
    job = enqueue()
    work_of.append(lambda one, progress: [progress.update(n, 10) for n in range(11)])
    assert once() == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.attempts) == ("done", 10, 10, 1)
    assert job.ended_at is not None


def test_a_failing_job_is_tried_again_later_and_then_failed(work_of: list[object]) -> None:
    job = enqueue()

    def fail(_job: Job, _progress: object) -> None:
        raise ValueError("broken")

    work_of.append(fail)
    for attempt in (1, 2, 3):
        assert once() == 1
        job.refresh_from_db()
        assert (job.attempts, job.error) == (attempt, "ValueError: broken")
        assert job.state == ("failed" if attempt == 3 else "waiting")
        assert attempt == 3 or job.run_after > timezone.now()
        Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    user = make_user(rights={"core.jobs.retry_job": ("all", None)}, unit=make_unit())
    work_of.clear()
    actions.retry_job(job=job, by=user)
    assert once() == 1
    job.refresh_from_db()
    assert job.state == "done"


def test_a_problem_is_told_and_not_tried_again(work_of: list[object]) -> None:
    job = enqueue()

    def mend(_job: Job, _progress: object) -> None:
        raise Problem("mend this first")

    work_of.append(mend)
    once()
    job.refresh_from_db()
    assert (job.state, job.error, job.attempts) == ("failed", "mend this first", 1)


def test_the_job_of_a_dead_worker_is_taken_up_again(work_of: list[object]) -> None:
    job = enqueue()
    assert batch.claim_job("dead") is not None
    assert batch.claim_job("other") is None
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - batch.DEAD_AFTER - timedelta(seconds=1))
    assert once() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)


def test_a_job_whose_workers_keep_dying_fails(work_of: list[object]) -> None:
    job = enqueue()
    late = timezone.now() - batch.DEAD_AFTER - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=3, heartbeat_at=late, worker="dead")
    assert once() == 0
    job.refresh_from_db()
    assert job.state == "failed"


def test_cancel_stops_a_running_job_at_its_next_report(work_of: list[object]) -> None:
    job, seen = enqueue(), []
    user = make_user(rights={"core.jobs.cancel_job": ("all", None)}, unit=make_unit())

    def cancelled(one: Job, progress: registry.Progress) -> None:
        actions.cancel_job(job=one, by=user)
        with pytest.raises(Cancelled):
            progress.update(5, 5)
        seen.append(True)
        progress.update(5, 5)

    work_of.append(cancelled)
    once()
    job.refresh_from_db()
    assert (job.state, seen) == ("cancelled", [True])
    with pytest.raises(Problem):
        actions.cancel_job(job=job, by=user)


def test_a_worker_told_to_stop_gives_the_job_back(work_of: list[object]) -> None:
    job, stop = enqueue(), threading.Event()

    def stopped(_job: Job, progress: registry.Progress) -> None:
        stop.set()
        assert progress.stopping()
        with pytest.raises(Stopped):
            progress.update(1, 2)
        progress.update(1, 2)

    work_of.append(stopped)
    claimed = batch.claim_job("w")
    assert claimed is not None
    run_job(claimed, stop)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.worker) == ("waiting", 0, "")


def test_schedules_enqueue_once_even_after_a_long_pause(work_of: list[object]) -> None:
    user = make_user(rights={"core.jobs.set_schedule": ("all", None)}, unit=make_unit())
    schedule = actions.set_schedule(kind=KIND, every_minutes=10, active=True, by=user)
    Schedule.objects.filter(pk=schedule.pk).update(next_at=timezone.now() - timedelta(hours=5))
    assert batch.enqueue_due() == 1
    assert batch.enqueue_due() == 0
    schedule.refresh_from_db()
    assert timezone.now() < schedule.next_at <= timezone.now() + timedelta(minutes=10)
    assert Job.objects.get(kind=KIND).by.kind == "system"


def test_unknown_kinds_are_refused() -> None:
    user = make_user(rights={"core.jobs.enqueue_job": ("all", None)}, unit=make_unit())
    with pytest.raises(Problem):
        actions.enqueue_job(kind="no.such", by=user)
