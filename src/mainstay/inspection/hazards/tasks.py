"""Background work of hazards."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job
from mainstay.inspection.hazards.batch import JOB, escalate_hazards
from mainstay.kit.dates import local_today


@job(JOB, _("Escalate hazards"))
def escalate(_job: Job, progress: Progress) -> None:
    """Tell those who have to know of deadlines."""
    taken = escalate_hazards(local_today())
    progress.update(taken, taken)
