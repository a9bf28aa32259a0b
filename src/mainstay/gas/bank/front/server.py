"""The process: listeners, one for each line, and the keeping of their states. Killed at any moment it loses nothing:
what was answered is committed, and a bank repeats what was not answered.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import signal
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress

import structlog
from django.db import DatabaseError, connection
from django.utils import timezone

from mainstay.gas.bank import library
from mainstay.gas.bank.batch.lines import keep_events, keep_states, lines_in_use
from mainstay.gas.bank.front.hub import Hub, Work
from mainstay.gas.bank.front.talk import Talk
from mainstay.gas.bank.models import Bank, Line, LineEvent, LineState
from mainstay.gas.bank.rules.messages import Message

log = structlog.get_logger(__name__)
Events = LineEvent.Kind
MOST_CONNECTIONS = 64
HANDSHAKE_SECONDS = 10.0
SWEEP_SECONDS = 0.25
TELL_SECONDS = 1.0
DRAIN_SECONDS = 15.0
MOST_EVENTS = 300  # kept of one line in one second: a flood of faults must not fill the database
_MINUTE = 60


class Rates:
    """Requests of a bank in this minute, over all its lines, and of each account it asked about."""

    def __init__(self) -> None:
        self._minute, self._all, self._accounts = 0, 0, Counter[str]()

    def take(self, bank: Bank, account_no: str) -> bool:
        """Count a request; whether it is still within what was agreed."""
        minute = int(time.monotonic() // _MINUTE)
        if minute != self._minute:
            self._minute, self._all = minute, 0
            self._accounts.clear()
        self._all += 1
        self._accounts[account_no] += bool(account_no)
        return self._all <= bank.rate_bank and self._accounts[account_no] <= bank.rate_account


class Listener:
    """A line as the process sees it."""

    def __init__(self, line: Line, hub: Hub, tell: Callable[[LineEvent], None], rates: Rates) -> None:
        self.line, self.submit, self._tell, self._rates = line, hub.submit, tell, rates
        self.talks: set[Talk] = set()
        self.messages = self.refused = self.closed = 0
        self.last_at: dt.datetime | None = None
        self.server: asyncio.Server | None = None
        self.stopping = False

    async def listen(self) -> None:
        """Open the address."""
        loop = asyncio.get_running_loop()
        tls = library.tls_of(self.line.bank.code) if self.line.tls else None
        self.server = await loop.create_server(
            lambda: Talk(self),
            self.line.host,
            self.line.port,
            ssl=tls,
            backlog=256,
            ssl_handshake_timeout=HANDSHAKE_SECONDS if tls else None,
        )
        self.event(Events.STARTED, "", f"{self.line.host}:{self.line.port}")

    def let_in(self, talk: Talk, address: str) -> bool:
        """Whether a caller is one the line expects, and not one too many."""
        allowed = {peer.strip() for peer in self.line.peers.split(",")} - {""}
        if self.stopping or (allowed and address not in allowed) or len(self.talks) >= MOST_CONNECTIONS:
            return False
        self.talks.add(talk)
        self.event(Events.CONNECTED, talk.peer, "")
        return True

    def gone(self, talk: Talk) -> None:
        """A connection ended."""
        if talk in self.talks:
            self.talks.discard(talk)
            self.event(Events.CLOSED, talk.peer, "")

    def event(self, kind: LineEvent.Kind, peer: str, note: str) -> None:
        """Something to be kept."""
        self._tell(LineEvent(line_id=self.line.pk, at=timezone.now(), kind=kind, peer=peer[:60], note=note[:200]))

    def count(self, _message: Message) -> None:
        """A message that could be read."""
        self.messages += 1
        self.last_at = timezone.now()

    def in_rate(self, message: Message) -> bool:
        """Whether the bank, and the account it asks about, keep to the agreed number of requests a minute."""
        return self._rates.take(self.line.bank, message.account_no)

    def state(self) -> LineState:
        """How the line is right now."""
        states = LineState.State
        now = states.LISTENING
        if self.stopping:
            now = states.DOWN
        elif self.talks:
            now = states.SIGNED_ON if any(talk.signed_on for talk in self.talks) else states.CONNECTED
        peers = ", ".join(sorted({talk.peer.rpartition(":")[0] for talk in self.talks}))
        return LineState(
            line_id=self.line.pk, state=now, peers=peers[:200], connections=len(self.talks), messages=self.messages,
            refused=self.refused, closed=self.closed, last_at=self.last_at, seen_at=timezone.now(),
        )  # fmt: skip


class Front:
    """All listeners, the hub, and a thread that keeps states and events."""

    def __init__(self, *, money: int = 2, reads: int = 1) -> None:
        self._money, self._reads = money, reads
        self.listeners: list[Listener] = []
        self._events: list[LineEvent] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self.hub: Hub | None = None

    async def start(self, lines: list[Line]) -> None:
        """Listen on the lines."""
        self.hub = Hub(asyncio.get_running_loop(), self._money, self._reads)
        self.hub.start()
        rates: dict[int, Rates] = defaultdict(Rates)
        for line in lines:
            listener = Listener(line, self.hub, self._tell, rates[line.bank_id])
            await listener.listen()
            self.listeners.append(listener)
        self._keeper = threading.Thread(target=self._keep, name="bank-states", daemon=True)
        self._keeper.start()
        self._sweeper = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """Take no more messages, answer those in flight, close."""
        for listener in self.listeners:
            listener.stopping = True
            if listener.server is not None:
                listener.server.close()
            for talk in listener.talks:
                talk.stop_reading()
        until = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < until and any(talk.in_flight for one in self.listeners for talk in one.talks):
            await asyncio.sleep(0.02)
        self._sweeper.cancel()
        for listener in self.listeners:
            for talk in list(listener.talks):
                talk.close()
            listener.event(Events.STOPPED, "", "")
        if self.hub is not None:
            await asyncio.get_running_loop().run_in_executor(None, self.hub.stop)
        self._over.set()
        await asyncio.get_running_loop().run_in_executor(None, self._keeper.join, 10)

    def _tell(self, event: LineEvent) -> None:
        with self._lock:
            self._events.append(event)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            now = time.monotonic()
            for listener in self.listeners:
                for talk in list(listener.talks):
                    talk.late(now)

    def _keep(self) -> None:
        """Write states and events, and take up what changed about the banks."""
        while not self._over.wait(TELL_SECONDS):
            self._keep_now()
        self._keep_now()
        connection.close()

    def _keep_now(self) -> None:
        with self._lock:
            events, self._events = self._events, []
        try:
            keep_events(some_of(events))
            keep_states([listener.state() for listener in self.listeners])
            self._refresh()
        except DatabaseError as error:
            log.warning("states of lines not kept", error=repr(error))
            connection.close()

    def _refresh(self) -> None:
        """Limits, rates, allowed addresses: taken up at once. Layout, key and address: at the next start."""
        fresh = {line.pk: line for line in lines_in_use()}
        banks = {line.bank_id: line.bank for line in fresh.values()}
        for listener in self.listeners:
            if line := fresh.get(listener.line.pk):
                line.bank = banks[line.bank_id]  # one object for a bank, so that its messages make one group
                listener.line = line


def some_of(events: list[LineEvent]) -> list[LineEvent]:
    """The events to be kept: of a flood the first, and how many more there were."""
    kept: list[LineEvent] = []
    counts: Counter[int] = Counter()
    for event in events:
        counts[event.line_id] += 1
        if counts[event.line_id] <= MOST_EVENTS:
            kept.append(event)
    for line_id, count in counts.items():
        if count > MOST_EVENTS:
            last = [event for event in kept if event.line_id == line_id][-1]
            last.note = f"+ {count - MOST_EVENTS}"
    return kept


async def serve(front: Front, lines: list[Line], *, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGTERM or SIGINT."""
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError, ValueError):
            loop.add_signal_handler(number, over.set)
    await front.start(lines)
    ready()
    await over.wait()
    await front.stop()


def run(*, money: int = 2, reads: int = 1, ready: Callable[[list[Line]], None] = lambda _lines: None) -> int:
    """Listen on every line in use; returns how many lines there were, 0 when there is none."""
    lines = lines_in_use()
    for line in lines:
        library.speech(line.bank.layout, line.bank.code, line.bank.mac_method)  # a missing key is told at the start
        if line.tls:
            library.tls_of(line.bank.code)
    connection.close()
    if lines:
        asyncio.run(serve(Front(money=money, reads=reads), lines, ready=lambda: ready(lines)))
    return len(lines)


__all__ = ["Front", "Listener", "Work", "run", "serve"]
