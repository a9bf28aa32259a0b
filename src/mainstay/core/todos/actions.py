"""Opening, taking and closing to-dos.

`open_todo` and `close_todos` are called by the acts of other parts: what waits follows from what was done, so it has no
audit row of its own. What a person does to a to-do goes through the door.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change, refuse
from mainstay.core.todos.models import Todo
from mainstay.core.todos.queries import waiting_for
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User


def open_todo(
    *,
    kind: str,
    subject: str,
    title_zh: str,
    title_en: str,
    url: str = "",
    user: User | None = None,
    right: str = "",
    unit_id: int | None = None,
    amount_fen: int | None = None,
    not_for: User | None = None,
    due_at: datetime | None = None,
) -> Todo:
    """Open a to-do for one user, or for everybody with `right` in `unit_id` (None: those it reaches everywhere).

    The same kind and subject for the same addressee is opened once; opening it again returns the open one.
    """
    if user is None and not right:
        raise ValueError("a to-do is for a user or for those who have a right")
    with transaction.atomic():
        lock(f"todo:{kind}:{subject}", 0)  # rows without a user are not unique by the index: NULL equals nothing
        found = Todo.objects.filter(kind=kind, subject=subject, user=user, right=right, done_at=None).first()
        return found or Todo.objects.create(
            kind=kind,
            subject=subject,
            title_zh=title_zh[:160],
            title_en=title_en[:200],
            url=url,
            user=user,
            right=right,
            unit_id=unit_id,
            amount_fen=None if amount_fen is None else abs(amount_fen),
            not_for=not_for,
            created_at=timezone.now(),
            due_at=due_at,
        )


def close_todos(*, kind: str, subject: str, by: User | None = None) -> int:
    """Close every open to-do of a kind about a subject; returns how many there were."""
    open_ones = Todo.objects.filter(kind=kind, subject=subject, done_at=None)
    return open_ones.update(done_at=timezone.now(), done_by=by)


@action("core.todos.finish_todo", title=_("Mark a to-do as done"), everyone=True)
def finish_todo(*, todo: Todo, by: User) -> Todo:
    """Mark a to-do as done that has no act of its own which would close it."""
    _only_ones_own(todo, by)
    todo.done_at, todo.done_by = timezone.now(), by
    todo.save(update_fields=["done_at", "done_by"])
    note_change(after={"done": True})
    return todo


@action("core.todos.take_todo", title=_("Take a to-do"), everyone=True)
def take_todo(*, todo: Todo, by: User) -> Todo:
    """Make a shared to-do one's own, so that nobody else starts on it."""
    _only_ones_own(todo, by)
    if todo.user_id == by.pk:
        raise Problem(_("This to-do is already yours."), code="already_yours")
    todo.user = by
    todo.save(update_fields=["user"])
    note_change(after={"user": by.username})
    return todo


@action(
    "core.todos.assign_todo",
    title=_("Assign a to-do to somebody"),
    unit=lambda todo, **_facts: todo.unit_id,
)
def assign_todo(*, todo: Todo, to: User, by: User) -> Todo:
    """Give an open to-do to another user, who must be able to do what it needs."""
    if todo.done_at:
        raise Problem(_("This to-do is already done."), code="done")
    if not waiting_for(to).filter(pk=todo.pk).exists() and todo.user_id is None:
        raise Problem(_("This person has no right to what the to-do needs. Choose another."), field="to")
    before = todo.user_id
    todo.user = to
    todo.save(update_fields=["user"])
    note_change(before={"user": before}, after={"user": to.pk})
    return todo


def _only_ones_own(todo: Todo, by: User) -> None:
    if todo.done_at:
        raise Problem(_("This to-do is already done."), code="done")
    if not waiting_for(by).filter(pk=todo.pk).exists():
        refuse(_("This to-do is not yours."))
