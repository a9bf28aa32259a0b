"""Background work: looking."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.site.batch import JOB, take_pass
from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job


@job(JOB, _("Look at the measures of operational safety"))
def watch(job: Job, progress: Progress) -> None:
    """Let the probes look that are due; those of one measure at once when the job names it."""
    measure = str(job.arguments.get("measure", ""))
    looked = take_pass(timezone.now(), measure, all_of_them=bool(measure))
    progress.update(looked, looked)
