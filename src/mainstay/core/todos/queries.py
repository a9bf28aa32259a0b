"""What waits for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from mainstay.core.door import rights
from mainstay.core.todos.models import Todo

if TYPE_CHECKING:
    from mainstay.core.access.models import User


MOST_SHOWN = 99


def waiting_for(user: User) -> QuerySet[Todo]:
    """Return the open to-dos of a user: his own, and those of everybody who has a right where it is needed."""
    match = Q(user=user.pk)
    for unit_ids, limit_fen, names in rights.by_reach(user):
        shared = Q(user=None, right__in=names)
        if unit_ids is not None:
            shared &= Q(unit_id__in=unit_ids)
        if limit_fen is not None:
            shared &= Q(amount_fen=None) | Q(amount_fen__lte=limit_fen)
        match |= shared
    return Todo.objects.filter(match, done_at=None).exclude(not_for=user.pk)


def waiting_count(user: User) -> int:
    """Return how many to-dos the bell shows, at most 100, which is read as "99+"."""
    return waiting_for(user).order_by()[: MOST_SHOWN + 1].count()


def bell(user: User) -> str | int:
    """Return what stands on the bell: the number, "99+", or 0 for a stranger."""
    if not user or not user.is_authenticated:
        return 0
    number = waiting_count(user)
    return "99+" if number > MOST_SHOWN else number
