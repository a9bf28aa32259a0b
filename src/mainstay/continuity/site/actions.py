"""What people do about what was seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.site.batch import ALARM, JOB, alarm_key
from mainstay.continuity.site.models import Observation
from mainstay.continuity.site.registry import MEASURES
from mainstay.continuity.site.rules.verdict import RED
from mainstay.core.door import action, note_change
from mainstay.core.jobs.actions import enqueue_job
from mainstay.core.jobs.models import Job
from mainstay.core.todos.actions import close_todos
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User

EXCUSE, LOOK = "continuity.site.excuse_finding", "continuity.site.look_now"
LONGEST = timedelta(days=7)


def _about(finding: Observation, **_facts: Any) -> str:
    return f"site.observation:{finding.pk}"


@action(EXCUSE, title=_("Accept a finding for a time"), subject=_about)
def excuse_finding(*, finding: Observation, until: datetime, reason: str, by: User) -> Observation:
    """Let a red finding count amber until a moment, at most seven days away; what was seen stays as it was seen.

    Raises Problem: the finding is not red any more, no reason, the moment is over or too far away.
    """
    now = timezone.now()
    if not finding.current or finding.verdict != RED:
        raise Problem(_("This is not red any more; there is nothing to accept."), code="not_red")
    if not reason.strip():
        raise Problem(_("Say why this may stay so."), field="reason", code="no_reason")
    if not now < until <= now + LONGEST:
        raise Problem(_("Choose a moment within the next seven days."), field="until", code="until")
    finding.excused_until, finding.excused_by, finding.excuse = until, by, reason.strip()[:200]
    finding.save(update_fields=["excused_until", "excused_by", "excuse"])
    close_todos(kind=ALARM, subject=alarm_key(finding.probe, finding), by=by)
    note_change(after={"what": str(finding), "until": f"{until:%Y-%m-%d %H:%M}"}, reason=reason)
    return finding


@action(LOOK, title=_("Look at a measure now"), subject=lambda measure, **_: measure)
def look_now(*, measure: str, by: User) -> Job:
    """Let every probe of a measure look at once, in the background. Raises Problem for a measure that is none."""
    if measure not in MEASURES:
        raise Problem(_("There is no such measure."), code="not_found")
    return enqueue_job(kind=JOB, arguments={"measure": measure}, subject=f"measure:{measure}", by=by)
