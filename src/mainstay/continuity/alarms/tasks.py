"""Background work: telling those on duty."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.alarms.batch import JOB, tell_those_on_duty
from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job


@job(JOB, _("Tell those on duty of alarms"))
def tell(_job: Job, progress: Progress) -> None:
    """Queue what is due."""
    count = tell_those_on_duty(timezone.now())
    progress.update(count, count)
