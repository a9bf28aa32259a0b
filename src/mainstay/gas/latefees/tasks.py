"""Background jobs of late fees: count, post."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job
from mainstay.gas.latefees import batch_runs
from mainstay.gas.latefees.actions import COUNT_JOB, POST_JOB, job_run


@job(COUNT_JOB, _("Count late fees"))
def count_fees(job: Job, progress: Progress) -> None:
    """Reckon what a run would post."""
    batch_runs.count_run(job_run(job), progress.update)


@job(POST_JOB, _("Post late fees"), attempts=20)
def post_fees(job: Job, progress: Progress) -> None:
    """Post what a run proposed; it may be started again at any time."""
    batch_runs.post_run(job_run(job), job.by_id, progress.update)
