"""Background work of the pair."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.site.batch import record
from mainstay.continuity.site.queries import declared
from mainstay.continuity.standby import actions, providers, rehearsal
from mainstay.core.access.batch import system_user
from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job


@job(actions.REHEARSE_JOB, _("Rehearse the switch of the database"), attempts=1)
def rehearse(_row: Job, progress: Progress) -> None:
    """To the other server and back, each on record."""
    site = declared()
    found = rehearsal.rehearse(site) if site else []
    for one in found:
        actions.record_rehearsal(measured=one, by=system_user())
    now = timezone.now()
    record(providers.REHEARSALS, "", providers.look_at_rehearsals(now), now)
    progress.update(len(found), len(found))
