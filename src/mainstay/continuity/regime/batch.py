"""Each minute: emergency rights whose time is over end."""

from __future__ import annotations

from django.utils import timezone

from mainstay.core.events.providers import provide
from mainstay.core.jobs.models import Schedule

JOB = "continuity.regime.end_break_glass"


@provide("install_schedules")
def install_schedule() -> None:
    """Let it be looked at every minute, unless somebody has set another rhythm already."""
    Schedule.objects.get_or_create(kind=JOB, defaults={"every_minutes": 1, "next_at": timezone.now()})
