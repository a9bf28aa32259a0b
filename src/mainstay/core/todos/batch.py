"""Escalation: overdue to-dos become visible to those above."""

from __future__ import annotations

from datetime import datetime

from mainstay.core.todos.models import Todo


def escalate_overdue(now: datetime) -> int:
    """Mark every open to-do that is past its time and not yet escalated; returns how many.

    An escalated to-do stands at the head of the inbox, and of the inbox of those who supervise its unit.
    """
    overdue = Todo.objects.filter(done_at=None, due_at__lt=now, escalated_at=None)
    return overdue.update(escalated_at=now)
