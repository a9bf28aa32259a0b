"""Between the lines and the database: few threads, each with a connection of its own, taking messages in groups.

Messages about one serial always go through the same thread, in the order in which they came. While a thread waits for a
commit the next messages gather; they become the next group, so the number of commits adapts to the load.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

import structlog
from django.db import InterfaceError, OperationalError, connection

from mainstay.core.access.batch import system_user
from mainstay.gas.bank import actions, queries
from mainstay.gas.bank.actions.messages import answer
from mainstay.gas.bank.batch.window import Call
from mainstay.gas.bank.models import Bank
from mainstay.gas.bank.rules.messages import Code, Kind, Message
from mainstay.kit import masking
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User

log = structlog.get_logger(__name__)
GROUP = 64
LET_IN_SECONDS = 0.002


class Asker(Protocol):
    """Who gets the answer."""

    def answered(self, tpdu: bytes, body: bytes, code: Code | None) -> None:
        """Take an answer, in the loop's thread; code None: nothing can be said, the bank will ask again."""


@dataclass(frozen=True, slots=True)
class Work:
    """One message to be answered."""

    asker: Asker
    tpdu: bytes
    bank: Bank
    call: Call


Done = tuple[Work, bytes, Code | None]


class Hub:
    """The threads and their queues. `money` threads post, `reads` threads answer queries."""

    def __init__(self, loop: asyncio.AbstractEventLoop, money: int = 2, reads: int = 1) -> None:
        self._loop = loop
        self._money: list[SimpleQueue[Work | None]] = [SimpleQueue() for _ in range(money)]
        self._reads: SimpleQueue[Work | None] = SimpleQueue()
        jobs = [(f"bank-money-{number}", queue, post) for number, queue in enumerate(self._money)]
        jobs += [(f"bank-reads-{number}", self._reads, look_up) for number in range(reads)]
        self._threads = [
            threading.Thread(target=self._run, args=(queue, handle), name=name, daemon=True)
            for name, queue, handle in jobs
        ]
        self._read_count = reads

    def start(self) -> None:
        """Start the threads."""
        for thread in self._threads:
            thread.start()

    def submit(self, work: Work) -> None:
        """Queue a message."""
        message = work.call.message
        if message.kind == Kind.QUERY:
            self._reads.put(work)
            return
        about = message.original or message.serial
        self._money[hash((work.bank.pk, about)) % len(self._money)].put(work)

    def stop(self) -> None:
        """Let the threads finish what is queued, and end."""
        for queue in self._money:
            queue.put(None)
        for _number in range(self._read_count):
            self._reads.put(None)
        for thread in self._threads:
            thread.join(timeout=30)

    def _run(self, queue: SimpleQueue[Work | None], handle: Callable[[list[Work], User], list[Done]]) -> None:
        by = None
        while True:
            group, last = _drain(queue)
            if group:
                try:
                    by = by or system_user()
                    done = handle(group, by)
                except Exception as error:
                    log.exception("messages failed", messages=len(group), error=type(error).__name__)
                    done = [(work, b"", None) for work in group]
                    connection.close()
                self._loop.call_soon_threadsafe(_deliver, done)
                if connection.vendor == "sqlite":
                    time.sleep(LET_IN_SECONDS)  # one writer at a time: the counters want their turn
            if last:
                connection.close()
                return


def _drain(queue: SimpleQueue[Work | None]) -> tuple[list[Work], bool]:
    """Wait for a message and take what else is there; True when the thread shall end after them."""
    group: list[Work] = []
    work = queue.get()
    while True:
        if work is None:
            return group, True
        group.append(work)
        if len(group) >= GROUP:
            return group, False
        try:
            work = queue.get_nowait()
        except Empty:
            return group, False


def _deliver(done: list[Done]) -> None:
    for work, body, code in done:
        work.asker.answered(work.tpdu, body, code)


def post(group: list[Work], by: User) -> list[Done]:
    """Answer messages that change something: payments that follow each other in one commit, the others one by one."""
    done: list[Done] = []
    pays: list[Work] = []
    for work in group:
        if work.call.message.kind == Kind.PAY and (not pays or pays[0].bank is work.bank):
            pays.append(work)
            continue
        done += _pay(pays, by)
        pays = [work] if work.call.message.kind == Kind.PAY else []
        if not pays:
            done.append(_safely(work, by, _ACTS[work.call.message.kind]))
    return done + _pay(pays, by)


def _pay(works: list[Work], by: User) -> list[Done]:
    """Post payments together; when one of them makes the group fail, each for itself."""
    if not works:
        return []
    if len(works) > 1:
        try:
            answers = actions.take_payments(bank=works[0].bank, calls=[work.call for work in works], by=by)
            return [(work, one.body, one.code) for work, one in zip(works, answers, strict=True)]
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            log.warning("a group of payments failed, going one by one", error=repr(error), payments=len(works))
    return [_safely(work, by, _take) for work in works]


def _safely(work: Work, by: User, act: Callable[[Work, User], tuple[bytes, Code]]) -> Done:
    """Do one act. What surely rolled back is answered so; a lost connection is not answered: nobody knows."""
    try:
        return (work, *act(work, by))
    except (OperationalError, InterfaceError) as error:
        log.warning("the database does not answer", error=repr(error))
        connection.close()
        return work, b"", None
    except Exception as error:
        log.exception("a message failed", kind=str(work.call.message.kind), error=type(error).__name__)
        made = answer(work.bank, work.call.message, Code.TRY_AGAIN)
        return work, made.body, made.code


def _take(work: Work, by: User) -> tuple[bytes, Code]:
    made = actions.take_payments(bank=work.bank, calls=[work.call], by=by)[0]
    return made.body, made.code


def _reverse(work: Work, by: User) -> tuple[bytes, Code]:
    made = actions.reverse_payment(bank=work.bank, call=work.call, by=by)
    return made.body, made.code


def _cut(work: Work, by: User) -> tuple[bytes, Code]:
    message = work.call.message
    try:
        if message.business_on is None:
            return _said(work, Code.BAD_FORMAT)
        bank = actions.cut_day(bank=work.bank, business_on=message.business_on, by=by)
    except Problem:
        return _said(work, Code.WRONG_DAY)
    return _said(work, Code.OK, text=f"{bank.business_on:%Y%m%d}")


def _note(work: Work, by: User) -> tuple[bytes, Code]:
    message = work.call.message
    if message.business_on is None or message.count is None or message.amount_fen is None:
        return _said(work, Code.BAD_FORMAT)
    facts: dict[str, Any] = {"business_on": message.business_on, "count": message.count}
    actions.note_totals(bank=work.bank, amount_fen=message.amount_fen, by=by, **facts)
    ours = queries.day_sums(work.bank, message.business_on)
    return _said(work, Code.OK, count=ours["net"], amount_fen=ours["net_fen"])


def _said(work: Work, code: Code, **fields: Any) -> tuple[bytes, Code]:
    made = answer(work.bank, work.call.message, code, **fields)
    return made.body, made.code


_ACTS: dict[Kind, Callable[[Work, Any], tuple[bytes, Code]]] = {
    Kind.REVERSAL: _reverse,
    Kind.DAY_CUT: _cut,
    Kind.NOTICE: _note,
}


def look_up(group: list[Work], by: User) -> list[Done]:
    """Answer queries."""
    return [_safely(work, by, _query) for work in group]


def _query(work: Work, _by: User) -> tuple[bytes, Code]:
    message: Message = work.call.message
    number = message.account_no
    if not (number.isascii() and number.isalnum()):
        return _said(work, Code.BAD_FORMAT)
    code, name, due, token = queries.what_is_due(number)
    if code not in {Code.OK, Code.NOTHING_DUE}:
        return _said(work, code)
    return _said(work, code, text=masking.name(name), amount_fen=due, token=token)
