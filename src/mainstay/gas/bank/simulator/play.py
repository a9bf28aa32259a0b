"""A bank's day with faults. Each customer is one short story; what the bank believes at its end is kept."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from mainstay.gas.bank.rules.messages import Code, Kind, Message
from mainstay.gas.bank.rules.statements import StatementRow
from mainstay.gas.bank.simulator.wire import Silence, Wire, WireFacts

# Share of stories with each fault, in a thousand; the rest are plain payments.
FAULTS: Mapping[str, int] = {
    "repeat": 60, "lost_answer": 60, "given_up": 40, "late_reversal": 40, "reversed_first": 25, "crossing": 25,
    "conflict": 20, "changed_amount": 25, "garbage": 15, "bad_mac": 10, "half_frame": 20, "slow": 2,
    "unknown_account": 20, "silent": 15, "bank_only": 8, "other_amount": 7,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scenario:
    """What to play: about how many messages, over how many connections at once, which faults, from which seed."""

    messages: int = 1_000
    lines: int = 8
    seed: int = 1
    faults: Mapping[str, int] = field(default_factory=lambda: dict(FAULTS))
    patience: float = 90.0


@dataclass(slots=True)
class Belief:
    """What the bank holds to be true of one payment: `money` says whether it counts it as collected."""

    serial: str
    account_no: str
    amount_fen: int
    story: str
    money: bool = False
    code: str = ""
    told_fen: int | None = None

    @property
    def file_fen(self) -> int:
        """What the bank's file says."""
        return self.amount_fen if self.told_fen is None else self.told_fen


@dataclass(slots=True)
class Outcome:
    """What happened."""

    beliefs: list[Belief] = field(default_factory=list)
    stories: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    sent: int = 0
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)

    def statement(self) -> list[StatementRow]:
        """The bank's file of the day: what it counts as collected."""
        rows = [StatementRow(one.serial, one.account_no, one.file_fen) for one in self.beliefs if one.money]
        return sorted(rows, key=lambda row: row.serial)

    def summary(self) -> dict[str, Any]:
        """Counts and times, as JSON takes them."""
        waits = sorted(self.waits) or [0.0]
        paid = sum(belief.money for belief in self.beliefs)
        return {
            "messages": self.sent,
            "stories": dict(sorted(self.stories.items())),
            "answers": dict(sorted(self.codes.items())),
            "collected": paid,
            "collected_fen": sum(belief.file_fen for belief in self.beliefs if belief.money),
            "seconds": round(self.seconds, 2),
            "messages_per_s": int(self.sent / self.seconds) if self.seconds else 0,
            "p50_ms": round(waits[len(waits) // 2] * 1000, 2),
            "p99_ms": round(waits[min(len(waits) - 1, len(waits) * 99 // 100)] * 1000, 2),
            "wrong": self.wrong[:20],
        }


class Player:
    """Plays a scenario over a line. `accounts` give account numbers; each is used for one story."""

    def __init__(self, facts: WireFacts, scenario: Scenario, business_on: dt.date, accounts: Iterable[str]) -> None:
        self.facts, self.scenario, self.business_on = facts, scenario, business_on
        self.outcome = Outcome()
        self._accounts: Iterator[str] = iter(accounts)
        self._number = 0
        self._dice = random.Random(scenario.seed)  # noqa: S311  # faults, no secrets
        self._wires: list[Wire] = []
        self._gone = 0
        self._salt = f"{scenario.seed % 1000:03d}"

    @property
    def sent(self) -> int:
        """Messages sent so far."""
        return self._gone + sum(wire.sent for wire in self._wires)

    async def play(self) -> Outcome:
        """Play until the messages are sent or the accounts used up."""
        began = time.perf_counter()
        tellers = [self._teller() for _line in range(self.scenario.lines)]
        await asyncio.gather(*tellers)
        self.outcome.seconds, self.outcome.sent = time.perf_counter() - began, self.sent
        return self.outcome

    async def _teller(self) -> None:
        wire = Wire(self.facts)
        self._wires.append(wire)
        try:
            while self.sent < self.scenario.messages:
                account_no = next(self._accounts, None)
                if account_no is None:
                    return
                await self._story(wire, account_no)
        finally:
            self._gone += wire.sent
            self._wires.remove(wire)
            wire.drop()

    def _next_serial(self) -> str:
        self._number += 1
        return f"{self._salt}{self._number:09d}"

    async def _story(self, wire: Wire, account_no: str) -> None:
        """One customer: the bank asks what is due, then pays with the fault that the dice gives."""
        story = self._choose()
        self.outcome.stories[story] += 1
        due, _body = await wire.ask_until(
            self._message(Kind.QUERY, account_no, None, self._next_serial()), self.scenario.patience
        )
        self.outcome.codes[str(due.code)] += 1
        if due.code != Code.OK or not due.amount_fen:
            return
        # Dressed once: a repeat has the trace number of the first, as the stored answer has.
        message = wire.dressed(
            self._message(Kind.PAY, account_no, due.amount_fen, self._next_serial(), token=due.token)
        )
        belief = Belief(message.serial, account_no, due.amount_fen, story)
        self.outcome.beliefs.append(belief)
        tell: Callable[[Wire, Message, Belief], Coroutine[Any, Any, None]] = getattr(self, f"_{story}")
        await tell(wire, message, belief)

    def _choose(self) -> str:
        number = self._dice.randrange(1000)
        for story, share in self.scenario.faults.items():
            number -= share
            if number < 0:
                return story
        return "plain"

    def _message(self, kind: Kind, account_no: str, amount_fen: int | None, serial: str, **more: Any) -> Message:
        return Message(
            kind=kind, business_on=self.business_on, account_no=account_no, amount_fen=amount_fen, serial=serial, **more
        )

    def _reversal(self, belief: Belief) -> Message:
        return self._message(
            Kind.REVERSAL, belief.account_no, belief.amount_fen, self._next_serial(), original=belief.serial
        )

    async def _plain(self, wire: Wire, message: Message, belief: Belief) -> None:
        """Pay, and ask again until there is an answer."""
        began = time.perf_counter()
        answer, _body = await wire.ask_until(message, self.scenario.patience)
        self.outcome.waits.append(time.perf_counter() - began)
        self._believe(belief, answer)

    def _believe(self, belief: Belief, answer: Message) -> None:
        belief.code, belief.money = str(answer.code), answer.code == Code.OK
        self.outcome.codes[belief.code] += 1

    def _expect(self, story: str, answer: Message, *codes: Code) -> None:
        self.outcome.codes[str(answer.code)] += 1
        if answer.code not in codes:
            self.outcome.wrong.append(f"{story} {answer.serial}: {answer.code}")

    async def _repeat(self, wire: Wire, message: Message, belief: Belief) -> None:
        """The same message twice; the second answer has the bytes of the first."""
        answer, first = await wire.ask_until(message, self.scenario.patience)
        self._believe(belief, answer)
        _answer, second = await wire.ask_until(message, self.scenario.patience)
        if first != second:
            self.outcome.wrong.append(f"repeat {message.serial}: other bytes")

    async def _lost_answer(self, wire: Wire, message: Message, belief: Belief) -> None:
        """The line breaks before the answer; the bank asks again."""
        await self._send_and_drop(wire, message)
        await self._plain(wire, message, belief)

    async def _send_and_drop(self, wire: Wire, message: Message) -> None:
        with suppress(Silence):
            wire.send(wire.frame(message))
        await asyncio.sleep(self._dice.uniform(0, 0.01))
        wire.drop()

    async def _take_back(self, wire: Wire, belief: Belief, story: str, *codes: Code) -> None:
        answer, _body = await wire.ask_until(self._reversal(belief), self.scenario.patience)
        self._expect(story, answer, *codes)
        if answer.code in {Code.OK, Code.UNKNOWN_ORIGINAL}:
            belief.money = False

    async def _given_up(self, wire: Wire, message: Message, belief: Belief) -> None:
        """No answer, so the bank takes the payment back: whether it had arrived or not."""
        await self._send_and_drop(wire, message)
        await self._take_back(wire, belief, "given_up", Code.OK, Code.UNKNOWN_ORIGINAL)

    async def _late_reversal(self, wire: Wire, message: Message, belief: Belief) -> None:
        """Paid, then taken back, twice."""
        await self._plain(wire, message, belief)
        if belief.money:
            await self._take_back(wire, belief, "late_reversal", Code.OK)
            await self._take_back(wire, belief, "late_reversal", Code.OK)

    async def _reversed_first(self, wire: Wire, message: Message, belief: Belief) -> None:
        """The reversal overtakes its payment."""
        await self._take_back(wire, belief, "reversed_first", Code.UNKNOWN_ORIGINAL)
        answer, _body = await wire.ask_until(message, self.scenario.patience)
        self._expect("reversed_first", answer, Code.REVERSED_BEFORE)

    async def _crossing(self, wire: Wire, message: Message, belief: Belief) -> None:
        """Payment and reversal in flight at once, on two connections."""
        other = Wire(self.facts)
        self._wires.append(other)
        try:
            paid, taken = await asyncio.gather(
                wire.ask_until(message, self.scenario.patience),
                other.ask_until(self._reversal(belief), self.scenario.patience),
            )
        finally:
            self._gone += other.sent
            self._wires.remove(other)
            other.drop()
        self._expect("crossing", paid[0], Code.OK, Code.REVERSED_BEFORE)
        self._expect("crossing", taken[0], Code.OK, Code.UNKNOWN_ORIGINAL)
        if (paid[0].code, taken[0].code) == (Code.OK, Code.UNKNOWN_ORIGINAL):
            self.outcome.wrong.append(f"crossing {message.serial}: paid after an unknown reversal")

    async def _conflict(self, wire: Wire, message: Message, belief: Belief) -> None:
        """The same serial for another amount."""
        await self._plain(wire, message, belief)
        other = replace(message, amount_fen=belief.amount_fen + 1)
        answer, _body = await wire.ask_until(other, self.scenario.patience)
        self._expect("conflict", answer, Code.CONFLICT)

    async def _changed_amount(self, wire: Wire, message: Message, belief: Belief) -> None:
        """Another amount than is due, refused; then the right one under a new serial."""
        wrong = replace(message, amount_fen=belief.amount_fen + 100)
        answer, _body = await wire.ask_until(wrong, self.scenario.patience)
        self._expect("changed_amount", answer, Code.AMOUNT_CHANGED)
        belief.serial = self._next_serial()
        await self._plain(wire, replace(message, serial=belief.serial), belief)

    async def _garbage(self, wire: Wire, message: Message, belief: Belief) -> None:
        """Noise on a connection of its own, which is closed for it."""
        await self._noise(self._dice.randbytes(self._dice.randrange(8, 200)), "garbage")
        await self._plain(wire, message, belief)

    async def _bad_mac(self, wire: Wire, message: Message, belief: Belief) -> None:
        """A payment with a wrong code of authentication, on a connection of its own, which is closed for it."""
        raw = bytearray(wire.frame(message))
        raw[-1] ^= 1
        await self._noise(bytes(raw), "bad_mac")
        await self._plain(wire, message, belief)

    async def _noise(self, raw: bytes, story: str, patience: float = 15.0) -> None:
        other = Wire(self.facts)
        try:
            await other.connect(self.scenario.patience)
            other.send(raw)
            if not await other.ended(patience):
                self.outcome.wrong.append(f"{story}: the line stayed open")
        except Silence:
            pass
        finally:
            self._gone += other.sent
            other.drop()

    async def _half_frame(self, wire: Wire, message: Message, belief: Belief) -> None:
        """The line breaks inside a message, which then comes whole."""
        raw = wire.frame(message)
        with suppress(Silence):
            wire.send(raw[: self._dice.randrange(1, len(raw))])
        await asyncio.sleep(0)
        wire.drop()
        await self._plain(wire, message, belief)

    async def _slow(self, wire: Wire, message: Message, belief: Belief) -> None:
        """A message that never ends on a connection of its own, which is closed for it."""
        await self._noise(wire.frame(message)[:-3], "slow")
        await self._plain(wire, message, belief)

    async def _unknown_account(self, wire: Wire, message: Message, belief: Belief) -> None:
        """An account that does not exist; then the right one under a new serial."""
        wrong = replace(message, account_no=f"9{message.account_no}"[:20], token="")
        answer, _body = await wire.ask_until(wrong, self.scenario.patience)
        self._expect("unknown_account", answer, Code.NO_ACCOUNT)
        belief.serial = self._next_serial()
        await self._plain(wire, replace(message, serial=belief.serial), belief)

    async def _silent(self, wire: Wire, message: Message, _belief: Belief) -> None:
        """The line breaks, and the bank counts the payment as failed without saying so: ours only, if it arrived."""
        await self._send_and_drop(wire, message)

    async def _bank_only(self, _wire: Wire, _message: Message, belief: Belief) -> None:
        """The bank took the money and never told: only at the bank."""
        belief.money = True

    async def _other_amount(self, wire: Wire, message: Message, belief: Belief) -> None:
        """Paid, but the bank's file says another amount."""
        await self._plain(wire, message, belief)
        belief.told_fen = belief.amount_fen + 500
