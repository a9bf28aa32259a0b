"""Background work of arrears."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job
from mainstay.gas.arrears.batch import LOOK_JOB, look_after
from mainstay.kit.dates import local_today


@job(LOOK_JOB, _("Look for broken promises and paid stop orders"))
def look(_job: Job, progress: Progress) -> None:
    """Open and close the to-dos of promises and stop orders."""
    found = sum(look_after(local_today()))
    progress.update(found, found)
