"""Background work of the audit log."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mainstay.core.audit import batch
from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job


@job(batch.JOB, _("Seal the audit log"))
def seal(_job: Job, progress: Progress) -> None:
    """Seal what is not sealed yet and write the seals to the data folder, which the backup takes along."""
    seals = batch.seal_audit()
    batch.export_seals(settings.DATA / "seals")
    rows = sum(one.rows for one in seals)
    progress.update(rows, rows)
