"""Background work of the regime."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mainstay.continuity.regime.actions import end_all_over
from mainstay.continuity.regime.batch import JOB
from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job


@job(JOB, _("End emergency rights whose time is over"))
def end(_job: Job, progress: Progress) -> None:
    """Take back what is over."""
    count = end_all_over()
    progress.update(count, count)
