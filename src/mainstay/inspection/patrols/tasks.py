"""Background work of patrols."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job
from mainstay.inspection.patrols.batch import JOB, make_all_rounds
from mainstay.kit.dates import local_today


@job(JOB, _("Make the rounds of patrols"))
def make(_job: Job, progress: Progress) -> None:
    """Make what is due, tell of what was missed."""
    made = make_all_rounds(local_today())
    progress.update(made, made)
