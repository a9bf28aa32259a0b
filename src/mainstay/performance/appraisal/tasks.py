"""Background work of appraisal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job
from mainstay.performance.appraisal.actions import complete_scoring
from mainstay.performance.appraisal.batch import work_scoring
from mainstay.performance.appraisal.models import Round
from mainstay.performance.appraisal.queries import SCORE_JOB


@job(SCORE_JOB, _("Scores of an appraisal round"), attempts=20)
def score(job: Job, progress: Progress) -> None:
    """Score a round and lead it to calibration; one that is there already is left alone."""
    one = Round.objects.select_related("period", "unit", "scheme").get(pk=job.arguments["round"])
    if one.state != Round.State.SCORING:
        return
    if work_scoring(one, progress):
        complete_scoring(round=one, by=job.by)
        progress.update(1, 1)
