"""Background work of to-dos."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job
from mainstay.core.todos.batch import JOB, escalate_overdue


@job(JOB, _("Escalate overdue to-dos"))
def escalate(_job: Job, progress: Progress) -> None:
    """Move what is overdue to the head of every inbox it is in."""
    moved = escalate_overdue(timezone.now())
    progress.update(moved, moved)
