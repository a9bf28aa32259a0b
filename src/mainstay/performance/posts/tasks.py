"""Background work of responsibility."""

from __future__ import annotations

from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job
from mainstay.performance.posts.batch import JOB, JOB_TITLE, tell_owners


@job(JOB, JOB_TITLE)
def find_stale(_job: Job, progress: Progress) -> None:
    """Tell the owners of stale descriptions."""
    found = tell_owners()
    progress.update(found, found)
