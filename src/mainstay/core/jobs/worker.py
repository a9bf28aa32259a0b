"""The worker: takes jobs one after the other until it is told to stop."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import DatabaseError, close_old_connections, connection

from mainstay.core.jobs import batch
from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import job_kind
from mainstay.kit.errors import Problem

log = structlog.get_logger(__name__)
WRITE_EVERY = 0.5
LOOK_EVERY = 1.0
TEND_EVERY = 20.0


class Cancelled(Exception):
    """Somebody cancelled the job, or another worker has it."""


class Stopped(Exception):
    """The worker shall end; the job goes back to the queue."""


class DatabaseProgress:
    """Progress that pages show: the job's own row, written at most every half second."""

    def __init__(self, job: Job, stop: threading.Event) -> None:
        self.job, self.stop, self.lost = job, stop, threading.Event()
        self._next = 0.0

    def update(self, done: int, total: int, note: str = "") -> None:
        """Write how far the job is. Raises Cancelled or Stopped."""
        now = time.monotonic()
        if now >= self._next or done >= total:
            self._next = now + WRITE_EVERY
            mine = Job.objects.filter(pk=self.job.pk, state=Job.State.RUNNING, worker=self.job.worker)
            if not mine.update(done=done, total=total, note=note[:200]):
                self.lost.set()
        if self.lost.is_set():
            raise Cancelled
        if self.stop.is_set():
            raise Stopped

    def stopping(self) -> bool:
        """Whether the work should stop at the next safe place."""
        return self.stop.is_set() or self.lost.is_set()


def work(*, stop: threading.Event, once: bool = False) -> int:
    """Do jobs until `stop` is set, or with `once` until none waits; returns how many were done.

    A worker that is killed loses nothing: its job is taken up again after a minute and a half without a sign.
    """
    name, count, tended = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}", 0, 0.0
    while not stop.is_set():
        try:
            if time.monotonic() >= tended:
                tended = time.monotonic() + TEND_EVERY
                batch.revive_dead()
                batch.enqueue_due()
            job = batch.claim_job(name)
        except DatabaseError as error:
            log.warning("the queue cannot be read", error=str(error))
            connection.close()
            stop.wait(LOOK_EVERY * 5)
            continue
        if job is not None:
            run_job(job, stop)
            count += 1
        elif once:
            break
        else:
            close_old_connections()
            stop.wait(LOOK_EVERY)
    return count


def run_job(job: Job, stop: threading.Event) -> None:
    """Do one claimed job and write how it ended."""
    progress = DatabaseProgress(job, stop)
    try:
        with _beating(job, progress):
            kind = job_kind(job.kind)
            kind.run(job, progress)
        if progress.stopping() and stop.is_set():
            batch.put_back(job)
        else:
            batch.end_job(job, Job.State.DONE)
    except Cancelled:
        log.info("job cancelled", job=job.pk)
    except Stopped:
        batch.put_back(job)
    except Problem as problem:
        batch.end_job(job, Job.State.FAILED, str(problem))
    except Exception as error:
        log.exception("job failed", job=job.pk, kind=job.kind)
        _after_error(job, f"{type(error).__name__}: {error}")


def _after_error(job: Job, text: str) -> None:
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    if job.attempts < job_kind(job.kind).attempts:
        batch.retry_later(job, text)
    else:
        batch.end_job(job, Job.State.FAILED, text)


@contextmanager
def _beating(job: Job, progress: DatabaseProgress) -> Iterator[None]:
    """A thread that keeps the job alive while a long statement says nothing."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(batch.BEAT.total_seconds()):
            try:
                if not batch.keep_alive(job):
                    progress.lost.set()
            except DatabaseError as error:
                log.warning("no heartbeat", job=job.pk, error=str(error))
        connection.close()

    thread = threading.Thread(target=beat, name=f"beat-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=5)
