"""Background work of the supplies."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.power.batch import JOB, take_samples
from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job


@job(JOB, _("Sample the power supplies"))
def sample(_job: Job, progress: Progress) -> None:
    """Ask every supply, walk the policy."""
    answered = take_samples(timezone.now())
    progress.update(answered, answered)
