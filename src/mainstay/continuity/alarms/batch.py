"""Telling those on duty: one message a person and pass, each thing once, again after hours, quiet when it flaps.

What was told and the message that tells it are written together, so a restart neither forgets nor repeats.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mainstay.continuity.alarms import queries
from mainstay.continuity.alarms.models import Duty, Notice
from mainstay.continuity.alarms.rules import is_due, words
from mainstay.continuity.site.models import Observation
from mainstay.core.events.providers import provide
from mainstay.core.jobs.models import Schedule
from mainstay.core.outbox.actions import queue_message
from mainstay.kit.sqlkit import lock

JOB = "continuity.alarms.tell"


@provide("install_schedules")
def install_schedule() -> None:
    """Tell those on duty every minute, unless somebody has set another rhythm already."""
    Schedule.objects.get_or_create(kind=JOB, defaults={"every_minutes": 1, "next_at": timezone.now()})


def tell_those_on_duty(now: datetime) -> int:
    """Queue a message for everybody on duty whom something new concerns; returns how many."""
    found = queries.wrong_now()
    return sum(_tell(one, queries.concerning(one, found, now), now) for one in queries.on_duty(now)) if found else 0


def _tell(duty: Duty, found: list[Observation], now: datetime) -> bool:
    with transaction.atomic():
        lock("alarms.duty", duty.user_id)
        told = queries.told_last(duty, now)
        due = [one for one in found if is_due(one.since, told.get(queries.thing_of(one)), now)]
        if not due:
            return False
        message = queue_message(
            key=f"alarm:{duty.pk}:{due[0].pk}:{now:%Y%m%d%H%M%S}", to=str(duty), phone=duty.phone,
            text=words([queries.line_of(one) for one in due]),
        )  # fmt: skip
        Notice.objects.bulk_create(
            Notice(duty=duty, thing=queries.thing_of(one), message=message, at=now) for one in due
        )
    return True
