"""Background work of this app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job
from mainstay.gas.takeover.actions import TRIAL_JOB, try_billing
from mainstay.gas.takeover.batch.trial import rate_bills
from mainstay.gas.takeover.models import Takeover


@job(TRIAL_JOB, _("Trial billing run of a take-over"))
def trial(job: Job, progress: Progress) -> None:
    """Rate the old bills by our tariff."""
    takeover = Takeover.objects.get(pk=job.arguments["takeover"])
    tried = rate_bills(takeover, progress.update)
    try_billing(takeover=takeover, tried=tried, by=job.by)
    progress.update(len(tried.rows), len(tried.rows))
