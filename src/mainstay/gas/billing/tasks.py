"""Background jobs of billing."""

from __future__ import annotations

import time

from django.utils.translation import gettext_lazy as _

from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job
from mainstay.gas.billing import batch_rebilling
from mainstay.gas.billing.actions.rebillings import COUNT_JOB, WORK_JOB, complete_rebilling
from mainstay.gas.billing.actions.runs import DRY_JOB, RELEASED_JOB, RUN_JOB, complete_run
from mainstay.gas.billing.batch import dry_run, work_run
from mainstay.gas.billing.hooks import run_after_release
from mainstay.gas.billing.models import BillingRun, Rebilling, RunChunk
from mainstay.gas.billing.queries import run_progress, run_state

EVERY_S = 0.5


def _run(job: Job) -> BillingRun:
    return BillingRun.objects.get(pk=job.arguments["run"])


@job(RUN_JOB, _("Billing run"), attempts=20)
def run_billing(job: Job, progress: Progress) -> None:
    """Bill what is not billed yet; several of these share a run. Progress is that of the whole run."""
    run = _run(job)

    told = 0.0

    def report(_bills: int) -> None:
        nonlocal told
        if time.monotonic() - told >= EVERY_S:
            now = run_progress(run)
            progress.update(now.done, now.total)
            told = time.monotonic()

    work_run(run, report, progress.stopping)
    if not RunChunk.objects.filter(run=run, done_at=None).exists() and run_state(run) == BillingRun.State.RUNNING:
        complete_run(run=run, by=job.by)
    now = run_progress(run)
    progress.update(now.done, now.total)


@job(DRY_JOB, _("Dry run"))
def run_dry(job: Job, progress: Progress) -> None:
    """Compute a run without writing bills."""
    run, done = _run(job), 0

    def report(bills: int) -> None:
        nonlocal done
        done += bills
        progress.update(done, max(done, run.planned_accounts))

    dry_run(run, report, progress.stopping)
    progress.update(done, done)


@job(RELEASED_JOB, _("After the release of a billing run"))
def after_release(job: Job, progress: Progress) -> None:
    """Let others act on bills that can be collected now (settle advances)."""
    run_after_release(_run(job))


@job(COUNT_JOB, _("Count a rebilling"), attempts=20)
def count_rebilling(job: Job, progress: Progress) -> None:
    """Reckon what a rebilling comes to."""
    batch_rebilling.count(_rebilling(job), progress.update)


@job(WORK_JOB, _("Cancel bills and bill again"), attempts=20)
def work_rebilling(job: Job, progress: Progress) -> None:
    """Reverse and bill again what is not done yet; it may be started again at any time."""
    one = _rebilling(job)
    batch_rebilling.work(one, progress.update)
    complete_rebilling(run=one, by=job.by)


def _rebilling(job: Job) -> Rebilling:
    return Rebilling.objects.select_related("unit", "plan").get(pk=job.arguments["rebilling"])
