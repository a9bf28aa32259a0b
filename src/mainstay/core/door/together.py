"""Acts that wait at the same moment are done together: one transaction and one commit for all of them.

Within one process one thread at a time leads: it takes everything that has gathered while the leader before it was on
its way to the database, does it in one transaction, and hands the lead to the first that has come since. Who finds
nobody there leads at once, so an act alone waits for nothing. An answer is given only after the commit.

Only what goes well is done together. Whatever is not plain (a refusal, a repetition, a lock that somebody else holds)
is left out of the group without a trace and then goes by itself, in its own thread, the way it would have gone without
any of this: so it gets its own refusal in its own language, waits for its own locks, and nobody waits with it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError, connection, models, transaction

from mainstay.core.door import record
from mainstay.kit.sqlkit.trips import Statement

log = logging.getLogger(__name__)
MOST = 32  # acts of one group: a commit's share is small by then, and its locks are held for all of them


@dataclass(frozen=True, slots=True)
class Made:
    """What an act of a group came to: its result, and what its audit row says of the state after it."""

    result: Any
    after: Any = None


Together = Callable[[Sequence[Mapping[str, Any]]], tuple[list[Made | None], list[Statement]]]
"""Does several acts, given by their keyword arguments, in the transaction that is open: returns for each what it made,
None where it must go by itself (then nothing of it may be written), and the statements that write all that was made.
It never waits for a lock. Done by itself after all, an act must find out that it was done before (idempotent)."""


class _Waiting:
    """One act in the queue; `turn` is free once it is settled, or once it has to lead."""

    __slots__ = ("error", "facts", "kwargs", "made", "settled", "turn")

    def __init__(self, kwargs: dict[str, Any], facts: dict[str, Any]) -> None:
        self.kwargs, self.facts = kwargs, facts
        self.made: Made | None = None
        self.error: Exception | None = None
        self.settled = False
        self.turn = threading.Lock()
        self.turn.acquire()


class Gathering:
    """The queue of one kind of act in this process."""

    def __init__(self, together: Together) -> None:
        self._together = together
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._led = False
        self._company = False  # whether anybody else was there at the last moment

    def join(self, kwargs: dict[str, Any], facts: dict[str, Any]) -> Made | None:
        """Do an act with those that wait; None when it has to go by itself.

        Raises OperationalError or InterfaceError when the database was lost and nobody knows what became of it.
        """
        mine = _Waiting(kwargs, facts)
        with self._lock:
            self._waiting.append(mine)
            lead, self._led = not self._led, True
        if not lead:
            mine.turn.acquire()
        if not mine.settled:
            self._lead()
        if mine.error is not None:
            raise type(mine.error)(*mine.error.args) from mine.error
        return mine.made

    def _lead(self) -> None:
        if self._company:
            time.sleep(0)  # those who are about to come run first (Python's lock goes round once), and join this group
        with self._lock:
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        try:
            self._settle(group)
        finally:
            with self._lock:
                heir = self._waiting[0] if self._waiting else None
                self._led = heir is not None
                self._company = self._led or len(group) > 1
            if heir is not None:
                heir.turn.release()
            for one in group:
                one.settled = True
                one.turn.release()

    def _settle(self, group: Sequence[_Waiting]) -> None:
        try:
            made = self._do(group)
        except Exception as error:
            if isinstance(error, OperationalError | InterfaceError) and not _undone(error):
                for one in group:
                    one.error = error
                connection.close()
            else:
                log.warning("a group failed, going one by one: %r (%s acts)", error, len(group))
            return
        for one, its in zip(group, made, strict=True):
            one.made = its

    def _do(self, group: Sequence[_Waiting]) -> list[Made | None]:
        with transaction.atomic():
            made, last = self._together([one.kwargs for one in group])
            rows = [_facts(one.facts, its) for one, its in zip(group, made, strict=True) if its is not None]
            if rows:
                record.write_all(rows, last)
        return made


_gatherings: dict[str, Gathering] = {}


def gathering(name: str, together: Together) -> Gathering:
    """The queue of the act `name` in this process."""
    return _gatherings.get(name) or _gatherings.setdefault(name, Gathering(together))


def may_gather() -> bool:
    """Whether an act of this thread can be done in a transaction of others: not while it is inside one already."""
    return not connection.in_atomic_block


def subject_of(result: Any) -> str:
    """How an audit row names what an act made: label and key of a model's row."""
    return f"{result._meta.label_lower}:{result.pk}"[:80] if isinstance(result, models.Model) else ""


def _facts(facts: dict[str, Any], made: Made) -> dict[str, Any]:
    return {**facts, "after": made.after, "subject": facts["subject"] or subject_of(made.result)}


def _undone(error: Exception) -> bool:
    """Whether the server itself said that it failed: then nothing of the transaction stayed."""
    return getattr(error.__cause__, "sqlstate", None) is not None or connection.vendor == "sqlite"
