"""What waits for whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q, QuerySet

from mainstay.core.door import rights
from mainstay.core.todos.models import Todo
from mainstay.kit.sqlkit import vendor
from mainstay.kit.sqlkit.lookups import is_among, text_list

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.door.held import Held


MOST_SHOWN = 99


def waiting_for(user: User) -> QuerySet[Todo]:
    """Return the open to-dos of a user: his own, and those of everybody who has a right where it is needed."""
    match = Q(user=user.pk)
    for unit_ids, limit_fen, names in rights.by_reach(user):
        shared = Q(user=None, right__among=names)
        if unit_ids is not None:
            shared &= Q(unit_id__in=unit_ids)
        if limit_fen is not None:
            shared &= Q(amount_fen=None) | Q(amount_fen__lte=limit_fen)
        match |= shared
    return Todo.objects.filter(match, done_at=None).exclude(not_for=user.pk)


def waiting_count(user: User) -> int:
    """Return how many to-dos the bell shows, at most 100, which is read as "99+".

    The same as counting `waiting_for`, which a test compares; but every page asks, and the words of the question follow
    from the rights alone.
    """
    shared, parameters = rights.held_by(user).made(("bell", vendor()), _shared)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(shared=shared), [user.pk, *parameters, user.pk, MOST_SHOWN + 1])
        return int(cursor.fetchone()[0])


# Each branch is stretches of one of the two indexes of open to-dos; no to-do is in two of them.
_COUNT = """SELECT count(*) FROM (SELECT 1 FROM (
    SELECT not_for_id FROM todos_todo WHERE done_at IS NULL AND user_id = %s{shared}
    ) AS waiting WHERE not_for_id IS NULL OR not_for_id <> %s LIMIT %s) AS counted"""
_SHARED = """
    UNION ALL SELECT not_for_id FROM todos_todo WHERE done_at IS NULL AND user_id IS NULL AND "right" {names}"""


def _shared(held: Held) -> tuple[str, list[Any]]:
    """Return the branches of the count that follow from rights, and their parameters."""
    found = [_branch(*group) for group in held.groups()]
    return "".join(sql for sql, _parameters in found), [one for _sql, parameters in found for one in parameters]


def _branch(unit_ids: Sequence[int] | None, limit_fen: int | None, names: Sequence[str]) -> tuple[str, list[Any]]:
    """The to-dos for whoever has one of some rights in some units; names and units as one parameter each."""
    database = vendor()
    sql, parameters = _SHARED.format(names=is_among("text", database)), list[Any]([text_list(names, database)])
    if unit_ids is not None:
        parameters.append(text_list(unit_ids, database))
        sql += f" AND unit_id {is_among('bigint', database)}"
    if limit_fen is not None:
        parameters.append(limit_fen)
        sql += " AND (amount_fen IS NULL OR amount_fen <= %s)"
    return sql, parameters


def bell(user: User) -> str | int:
    """Return what stands on the bell: the number, "99+", or 0 for a stranger."""
    if not user or not user.is_authenticated:
        return 0
    number = waiting_count(user)
    return "99+" if number > MOST_SHOWN else number
