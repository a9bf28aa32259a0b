"""One connection of a bank: frames out of the stream, messages out of frames, answers back, faults told and closed."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, cast

from mainstay.gas.bank import library
from mainstay.gas.bank.actions.messages import answer
from mainstay.gas.bank.batch.window import Call
from mainstay.gas.bank.front.hub import Work
from mainstay.gas.bank.models import Line, LineEvent
from mainstay.gas.bank.rules.framing import Framing
from mainstay.gas.bank.rules.messages import BadFrame, BadMac, Code, Kind, Message

if TYPE_CHECKING:
    from mainstay.gas.bank.front.server import Listener

MOST_IN_FLIGHT = 256
UNKNOWN_SECONDS = 30
FREE = {Kind.SIGN_ON, Kind.SIGN_OFF, Kind.ECHO}
Events = LineEvent.Kind


class Talk(asyncio.Protocol):
    """A connection. Everything here runs in the loop's thread."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.line: Line = listener.line
        self.framing = Framing(self.line.header, self.line.tpdu, self.line.longest)
        self.adapter, self.mac = library.speech(self.line.bank.layout, self.line.bank.code, self.line.bank.mac_method)
        self.peer = ""
        self.signed_on = not self.line.sign_on
        self.in_flight = 0
        self.heard = self.begun = time.monotonic()
        self.partial_since: float | None = None
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let in whom the line lets in."""
        self._transport = cast("asyncio.Transport", transport)
        peername = transport.get_extra_info("peername") or ("", 0)
        self.peer = f"{peername[0]}:{peername[1]}"
        if not self.listener.let_in(self, str(peername[0])):
            self.fault(Events.STRANGER, "")

    def data_received(self, data: bytes) -> None:
        """Take what came; whole frames are answered, the rest waits for its end."""
        if self._transport is None:
            return
        self._buffer += data
        try:
            frames, used = self.framing.split(self._buffer)
            del self._buffer[:used]
            for tpdu, body in frames:
                self._message(tpdu, body)
        except BadMac as error:
            self.fault(Events.BAD_MAC, str(error))
        except BadFrame as error:
            self.fault(Events.BAD_FRAME, str(error))
        else:
            now = time.monotonic()
            if frames:
                self.heard = now
            if not self._buffer:
                self.partial_since = None
            elif frames or self.partial_since is None:
                self.partial_since = now

    def _message(self, tpdu: bytes, body: bytes) -> None:
        message = self.adapter.decode(body, self.mac)
        if message.reply:
            raise BadFrame("an answer where a request is due")
        self.listener.count(message)
        refusal = self._refusal(message)
        if refusal is not None:
            self._say(tpdu, message, refusal)
        elif message.kind in FREE:
            self._sign(message)
            self._say(tpdu, message, Code.OK)
        else:
            self.in_flight += 1
            if self.in_flight >= MOST_IN_FLIGHT:
                self._pause()
            self.listener.submit(Work(self, tpdu, self.listener.line.bank, Call(message, body, self.line.pk)))

    def _refusal(self, message: Message) -> Code | None:
        if message.kind in FREE:
            return None
        if not self.signed_on:
            return Code.NOT_SIGNED_ON
        return None if self.listener.in_rate(message) else Code.TOO_OFTEN

    def _sign(self, message: Message) -> None:
        if message.kind == Kind.ECHO:
            return
        self.signed_on = message.kind == Kind.SIGN_ON or not self.line.sign_on
        kind = Events.SIGNED_ON if message.kind == Kind.SIGN_ON else Events.SIGNED_OFF
        self.listener.event(kind, self.peer, message.institution)

    def _say(self, tpdu: bytes, message: Message, code: Code) -> None:
        try:
            made = answer(self.line.bank, message, code)
        except ValueError as error:  # a field of the request that the layout cannot give back
            raise BadFrame(str(error)[:120]) from None
        self._write(tpdu, made.body)
        self.listener.refused += code != Code.OK

    def answered(self, tpdu: bytes, body: bytes, code: Code | None) -> None:
        """Send an answer; without one close, so that the bank asks again on a new connection."""
        self.in_flight -= 1
        if code is None:
            self.close()
            return
        self.listener.refused += code != Code.OK
        self._write(tpdu, body)
        if self._paused and self.in_flight < MOST_IN_FLIGHT // 2:
            self._resume()

    def _write(self, tpdu: bytes, body: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(self.framing.wrap(body, tpdu))

    def late(self, now: float) -> None:
        """Close when a message is not finished in time, or nothing was said for long."""
        if self.partial_since is not None and now - self.partial_since > self.line.frame_seconds:
            self.fault(Events.SLOW, f"{len(self._buffer)} bytes")
        elif self.in_flight == 0 and now - self.heard > self.patience:
            self.close()

    @property
    def patience(self) -> float:
        """Seconds without a message after which the connection ends: fewer before the sign-on."""
        return self.line.idle_seconds if self.signed_on else min(self.line.idle_seconds, UNKNOWN_SECONDS)

    def fault(self, kind: LineEvent.Kind, note: str) -> None:
        """Tell a fault and close."""
        self.listener.event(kind, self.peer, note)
        self.listener.closed += 1
        self._buffer.clear()
        self.partial_since = None
        if self._transport is not None:
            self._transport.abort()
            self._transport = None

    def close(self) -> None:
        """Close after what is written has gone."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def pause_writing(self) -> None:
        """A bank that does not read its answers sends no more."""
        self._pause()

    def resume_writing(self) -> None:
        """It reads again."""
        self._resume()

    def _pause(self) -> None:
        self._paused = True
        if self._transport is not None:
            self._transport.pause_reading()

    def _resume(self) -> None:
        self._paused = False
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def stop_reading(self) -> None:
        """Take no more messages; those in flight are still answered."""
        self._pause()

    def connection_lost(self, _error: Exception | None) -> None:
        """Forget it."""
        self._transport = None
        self.listener.gone(self)
