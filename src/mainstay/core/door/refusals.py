"""Refused attempts stay on record even when the transaction around them is rolled back.

A refusal inside somebody's transaction is written in it, and remembered here: if that transaction is undone, the next
moment outside of one writes the row again (the end of the request, or the next act).
"""

from __future__ import annotations

import logging
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.db import connection, transaction

from mainstay.core.access.models import User

if TYPE_CHECKING:
    from mainstay.core.audit.models import Entry

log = logging.getLogger(__name__)
_pending: ContextVar[tuple[Entry, ...]] = ContextVar("mainstay_refusals", default=())


def record(entry: Entry) -> None:
    """Write a refusal now, and again later should the surrounding transaction be undone."""
    if not connection.needs_rollback:
        entry.save(force_insert=True)
    if _inside_transaction():
        _pending.set((*_pending.get(), entry))


def flush() -> None:
    """Write the remembered refusals whose row was lost; does nothing inside a transaction."""
    entries = _pending.get()
    if not entries or _inside_transaction():
        return
    _pending.set(())
    for entry in entries:
        _restore(entry)


def _restore(entry: Entry) -> None:
    same = {"at": entry.at, "action": entry.action, "by_id": entry.by_id, "outcome": entry.outcome}
    with transaction.atomic():
        if type(entry).objects.filter(**same).exists():
            return
        if not User.objects.filter(pk=entry.by_id).exists():  # made and undone in the same transaction
            log.warning("a refusal of %s is not on record: its user was undone with the rest", entry.action)
            return
        entry.pk = None
        entry._state.adding = True
        entry.save(force_insert=True)


def _inside_transaction() -> bool:
    """Tell whether somebody's block is open; the block in which a test case runs does not count."""
    return any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks)
