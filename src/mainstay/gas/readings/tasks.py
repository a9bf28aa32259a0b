"""Background jobs of readings."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.core.jobs.models import Job
from mainstay.core.jobs.registry import Progress, job
from mainstay.gas.readings.actions_list import DECIDE_JOB, DECISIONS
from mainstay.gas.readings.models import Reading


@job(DECIDE_JOB, gettext_lazy("Decisions about questioned readings"))
def decide(job: Job, progress: Progress) -> None:
    """Decide reading by reading; started again it goes on with those that are still questioned."""
    keys = [tuple(key) for key in job.arguments["keys"]]
    total, done, left_out = len(keys), 0, 0
    for begin in range(0, total, 100):
        part = keys[begin : begin + 100]
        rows = Reading.objects.filter(pk__in=part, state=Reading.State.QUESTIONED).select_related("account")
        act = DECISIONS[job.arguments["decision"]]

        def tell(number: int, begin: int = begin) -> None:
            progress.update(begin + number, total)

        found = act(rows, reason=job.arguments["reason"], by=job.by, tell=tell)
        done, left_out = done + found.done, left_out + len(found.refused)
    note = _("%(done)d decided, %(left_out)d could not be: they are billed by now.")
    progress.update(total, total, note % {"done": done, "left_out": left_out})
