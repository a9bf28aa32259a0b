"""The bank's end of a line: connect, sign on, ask, get answers; also what a broken line does."""

from __future__ import annotations

import asyncio
import ssl
import time
from dataclasses import dataclass, replace
from typing import cast

from mainstay.gas.bank.rules.adapters import Adapter
from mainstay.gas.bank.rules.framing import Framing
from mainstay.gas.bank.rules.mac import Mac
from mainstay.gas.bank.rules.messages import BadFrame, Code, Kind, Message

TPDU = bytes.fromhex("6000010002")
_RETRY_SECONDS = 0.1


class Silence(Exception):
    """No answer came in time, or the line broke: the outcome is not known."""


@dataclass(frozen=True, slots=True)
class WireFacts:
    """Where and how to talk."""

    host: str
    port: int
    adapter: Adapter
    mac: Mac | None
    framing: Framing
    institution: str = "0001"
    tls: ssl.SSLContext | None = None


class Wire(asyncio.Protocol):
    """One connection. Several messages may be in flight; answers are paired by their trace number."""

    def __init__(self, facts: WireFacts) -> None:
        self.facts = facts
        self.sent = 0
        self.stray = 0
        self._trace = 0
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._waiting: dict[str, asyncio.Future[tuple[Message, bytes]]] = {}
        self._lost = asyncio.Event()

    async def connect(self, patience: float = 60.0) -> None:
        """Connect and sign on; tries again for so many seconds. Raises Silence when nobody listens."""
        until = time.monotonic() + patience
        while True:
            try:
                await asyncio.get_running_loop().create_connection(
                    lambda: self, self.facts.host, self.facts.port, ssl=self.facts.tls
                )
                answer, _body = await self.ask(Message(kind=Kind.SIGN_ON), timeout=10)
                if answer.code == Code.OK:
                    return
            except (OSError, Silence):
                self.drop()
            if time.monotonic() > until:
                raise Silence("nobody listens")
            await asyncio.sleep(_RETRY_SECONDS)

    @property
    def connected(self) -> bool:
        """Whether the line stands."""
        return self._transport is not None and not self._transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The line stands."""
        self._transport = cast("asyncio.Transport", transport)
        self._buffer.clear()
        self._lost.clear()

    def connection_lost(self, _error: Exception | None) -> None:
        """Whoever waits will not get an answer."""
        self._transport = None
        self._lost.set()
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(Silence("the line broke"))
        self._waiting.clear()

    def data_received(self, data: bytes) -> None:
        """Pair answers with who waits for them."""
        self._buffer += data
        try:
            frames, used = self.facts.framing.split(self._buffer)
            del self._buffer[:used]
            for _tpdu, body in frames:
                message = self.facts.adapter.decode(body, self.facts.mac)
                future = self._waiting.pop(message.trace, None)
                if future is None or future.done():
                    self.stray += 1
                else:
                    future.set_result((message, body))
        except BadFrame:
            self.drop()

    def dressed(self, message: Message) -> Message:
        """A message with what the line adds: the next trace number, the time, the institution."""
        self._trace = self._trace % 999_999 + 1
        return replace(
            message,
            trace=message.trace or f"{self._trace:06d}",
            at=message.at or time.strftime("%m%d%H%M%S"),
            institution=message.institution or self.facts.institution,
        )

    def frame(self, message: Message) -> bytes:
        """The bytes of a message on the line."""
        return self.facts.framing.wrap(self.facts.adapter.encode(message, self.facts.mac), TPDU)

    def send(self, raw: bytes) -> None:
        """Send bytes as they are. Raises Silence when the line is down."""
        if not self.connected or self._transport is None:
            raise Silence("the line is down")
        self.sent += 1
        self._transport.write(raw)

    async def ask(self, message: Message, timeout: float = 5.0) -> tuple[Message, bytes]:
        """Send a message and wait for its answer, with its bytes. Raises Silence."""
        message = self.dressed(message)
        future: asyncio.Future[tuple[Message, bytes]] = asyncio.get_running_loop().create_future()
        self._waiting[message.trace] = future
        self.send(self.frame(message))
        try:
            return await asyncio.wait_for(future, timeout)
        except TimeoutError:
            raise Silence("no answer in time") from None
        finally:
            self._waiting.pop(message.trace, None)

    async def ask_until(self, message: Message, patience: float = 90.0) -> tuple[Message, bytes]:
        """Ask the same again over new connections until there is an answer: no answer never means "no"."""
        message, until = self.dressed(message), time.monotonic() + patience
        while True:
            try:
                if not self.connected:
                    await self.connect(max(1.0, until - time.monotonic()))
                answer, body = await self.ask(message)
                if answer.code == Code.NOT_SIGNED_ON:
                    self.drop()
                elif answer.code != Code.TRY_AGAIN:
                    return answer, body
            except Silence:
                self.drop()
            if time.monotonic() > until:
                raise Silence("no answer after many tries")
            await asyncio.sleep(_RETRY_SECONDS)

    def drop(self) -> None:
        """Break the line, whatever is in flight."""
        if self._transport is not None:
            self._transport.abort()
            self._transport = None

    async def ended(self, timeout: float) -> bool:
        """Whether the other side ends the connection in so many seconds."""
        try:
            await asyncio.wait_for(self._lost.wait(), timeout)
        except TimeoutError:
            return False
        return True
