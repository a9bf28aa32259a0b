"""Background work: messages on their way out."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job
from mainstay.core.outbox.batch import JOB, carry


@job(JOB, _("Carry text messages to the gateway"))
def carry_messages(_job: Job, progress: Progress) -> None:
    """Write and hand over what waits."""
    count = carry(timezone.now())
    progress.update(count, count)
