"""Escalation: overdue to-dos become visible to those above."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from mainstay.core.jobs.models import Schedule
from mainstay.core.todos.models import Todo

JOB = "todos.escalate"


def install_schedule() -> None:
    """Let overdue to-dos be moved up every ten minutes, unless somebody has set another rhythm already."""
    Schedule.objects.get_or_create(kind=JOB, defaults={"every_minutes": 10, "next_at": timezone.now()})


def escalate_overdue(now: datetime) -> int:
    """Mark every open to-do that is past its time and not yet escalated; returns how many.

    An escalated to-do stands at the head of the inbox, and of the inbox of those who supervise its unit.
    """
    overdue = Todo.objects.filter(done_at=None, due_at__lt=now, escalated_at=None)
    return overdue.update(escalated_at=now)
