"""Background work of this app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job
from mainstay.gas.accounts.batch import JOB, remind_of_expiry
from mainstay.kit.dates import local_today


@job(JOB, _("Remind of approvals and contracts that end"))
def expiry(_job: Job, progress: Progress) -> None:
    """Open the to-dos of what ends soon."""
    found = remind_of_expiry(local_today())
    progress.update(found, found)
