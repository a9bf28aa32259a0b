"""A bank's day with every fault, the front-end processor killed again and again; afterwards every fen is explained.

./mainstay drill bank --messages 50000 --kills 10 [--json]
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mainstay.commands.numbers import whole
from mainstay.commands.words import _, say
from mainstay.gas.bank.rules.messages import Kind, Message
from mainstay.gas.bank.simulator.wire import Wire

if TYPE_CHECKING:
    from mainstay.gas.bank.models import Bank, Line, Statement
    from mainstay.gas.bank.simulator import Outcome, Player, WireFacts

STORY_MESSAGES = 2
FRAME_SECONDS = 1
MOST_TOLD = 20
MOST_GROWN_MB = 40


def main(argv: list[str]) -> int:
    """Play in a database of its own, kill, prove, print; 0 when all is well."""
    options = parser().parse_args(argv)
    from mainstay.bench.payments import make_tables, own_database

    with own_database("bank") as name, tempfile.TemporaryDirectory(prefix="mainstay-bank-") as folder:
        os.environ["MAINSTAY_BANK_FOLDER"] = folder
        from mainstay.commands.ready import django_ready

        django_ready()
        make_tables()
        accounts = options.messages // STORY_MESSAGES + 100
        say(_("Building {accounts} accounts with a bill each …").format(accounts=accounts))
        line = build(accounts, options.layout)
        found = play_and_kill(line, options) | {"database": name}
    _tell(found)
    found["wrong"] = found["wrong"][:MOST_TOLD]
    if options.json:
        say(json.dumps(found, ensure_ascii=False))
    return 1 if found["wrong"] else 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the verb."""
    made = argparse.ArgumentParser("mainstay drill bank", description=_("Play a bank's day with faults and kills"))
    made.add_argument("--messages", type=whole(), default=5_000, help=_("about how many messages"))
    made.add_argument("--kills", type=whole(0), default=3, help=_("how often the process is killed"))
    made.add_argument("--lines", type=whole(), default=16, help=_("connections at once"))
    made.add_argument("--layout", default="iso8583", help=_("layout of the messages"))
    made.add_argument("--fuzz", type=whole(0), default=0, help=_("mutated frames to send afterwards"))
    made.add_argument("--seed", type=int, default=1, help=_("another seed plays another day"))
    made.add_argument("--json", action="store_true", help=_("print one JSON object as the last line"))
    return made


def _tell(found: dict[str, Any]) -> None:
    say(_("{messages} messages in {seconds} s, {kills} kills; {collected} payments collected").format(**found))
    say(_("Differences, all of them explained: {differences}").format(**found))
    if found["fuzz"]:
        text = _("{frames} mutated frames: {closed} connections closed, {answered} answers, memory {grown} MB more")
        say(text.format(grown=found["fuzz"]["grown_mb"], **found["fuzz"]))
    for text in found["wrong"][:20]:
        say(f"    {text}")
    say(_("Every answered payment is booked once, and every difference is explained.") if not found["wrong"]
        else _("Something is wrong."))  # fmt: skip


def fuzz_wrong(told: dict[str, Any] | None) -> list[str]:
    """What must not be after mutated frames."""
    if told is None:
        return []
    wrong = [] if told["alive"] else ["the process died of a frame"]
    wrong += [f"{told['booked']} payments booked by mutated frames"] if told["booked"] else []
    return wrong + ([f"memory grew by {told['grown_mb']} MB"] if told["grown_mb"] > MOST_GROWN_MB else [])


def build(accounts: int, layout: str = "iso8583") -> Line:
    """A company that owes, a bank, and a line at a free port."""
    from mainstay.bench import payments_work
    from mainstay.core.access.batch import system_user
    from mainstay.core.organisation.models import Unit
    from mainstay.gas.bank.actions import save_bank, save_line
    from mainstay.gas.bank.library import make_key

    payments_work.build(accounts, 1)
    by = system_user()
    make_key("DRILL")
    bank = save_bank(
        unit=Unit.objects.earliest("pk"), code="DRILL", name_zh="演练银行", name_en="Drill bank", layout=layout,
        rate_bank=10_000_000, rate_account=10_000, by=by,
    )  # fmt: skip
    return save_line(bank=bank, name="1", port=free_port(), frame_seconds=FRAME_SECONDS, by=by)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Process:
    """The front-end processor as a process of its own, to be killed and started again."""

    port: int
    child: subprocess.Popen[bytes] | None = None
    kills: int = 0

    def start(self, wait: bool = True) -> None:
        """Start it; wait until it listens."""
        words = [sys.executable, "-m", "mainstay", "bank"]
        self.child = subprocess.Popen(words, stdout=subprocess.DEVNULL)  # ourselves
        until = time.monotonic() + 60
        while wait and time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            if self.child.poll() is not None:
                raise RuntimeError("the front-end processor ended by itself")
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill it without a word."""
        if self.child is not None:
            self.child.kill()
            self.child.wait()
            self.kills += 1

    def memory_mb(self) -> float:
        """Resident memory."""
        if self.child is None:
            return 0.0
        told = Path(f"/proc/{self.child.pid}/status").read_text()
        return next(int(row.split()[1]) for row in told.splitlines() if row.startswith("VmRSS:")) / 1024

    def stop(self) -> int:
        """End it properly; returns its exit code."""
        if self.child is None:
            return 0
        self.child.send_signal(signal.SIGTERM)
        return self.child.wait(timeout=60)


def player_for(line: Line, messages: int, lines: int, seed: int, **scenario: Any) -> Player:
    """The simulator for a line, with the accounts that owe."""
    from mainstay.gas.bank.library import speech
    from mainstay.gas.bank.rules.framing import Framing
    from mainstay.gas.bank.simulator import Player, Scenario, WireFacts
    from mainstay.gas.customers.models import Account

    bank = line.bank
    adapter, mac = speech(bank.layout, bank.code, bank.mac_method)
    facts = WireFacts(line.host, line.port, adapter, mac, Framing(line.header, line.tpdu, line.longest))
    accounts = list(Account.objects.order_by("pk").values_list("account_no", flat=True))
    return Player(facts, Scenario(messages, lines, seed, **scenario), bank.business_on, accounts)


def play_and_kill(line: Line, options: argparse.Namespace) -> dict[str, Any]:
    """Play the day, kill the process on the way, send it mutants, cut the day, reconcile; returns what was found."""
    from django.db import connections

    player = player_for(line, options.messages, options.lines, options.seed)
    connections.close_all()
    process = Process(line.port)
    process.start()
    try:
        outcome = asyncio.run(_play(player, process, options.messages, options.kills))
        told = fuzz(process, player.facts, options.fuzz, options.seed) if options.fuzz else None
    finally:
        code = process.stop()
    found = outcome.summary() | {"kills": process.kills, "fuzz": told}
    found["wrong"] = [*outcome.wrong, *([f"exit code {code}"] if code else []), *fuzz_wrong(told)]
    found["wrong"] += prove(line.bank, outcome)
    found["differences"] = _differences(line.bank)
    return found


async def _play(player: Player, process: Process, messages: int, kills: int) -> Outcome:
    played = asyncio.create_task(player.play())
    for number in range(1, kills + 1):
        while not played.done() and player.sent < messages * number // (kills + 1):
            await asyncio.sleep(0.005)
        if played.done():
            break
        process.kill()
        await asyncio.to_thread(process.start)
    return await played


def prove(bank: Bank, outcome: Outcome) -> list[str]:
    """Everything that does not hold after the day; empty when all is well."""
    return [*_payments(bank, outcome), *_books(), *_reconciled(bank, outcome)]


def _payments(bank: Bank, outcome: Outcome) -> list[str]:
    """Each belief against the payments: acknowledged means booked once, anything else means not booked."""
    from mainstay.gas.payments.models import Payment

    rows = Payment.objects.filter(channel=bank.channel)
    back = set(rows.filter(kind=Payment.Kind.REVERSAL).values_list("account_id", "refers_no"))
    booked: dict[str, list[int]] = {}
    for account_id, number, serial, fen in rows.filter(kind=Payment.Kind.PAYMENT).values_list(
        "account_id", "payment_no", "serial", "amount_fen"
    ):
        if (account_id, number) not in back:
            booked.setdefault(serial, []).append(fen)
    wrong = [f"{serial}: booked {len(fens)} times" for serial, fens in booked.items() if len(fens) > 1]
    told = {belief.serial: belief for belief in outcome.beliefs}
    wrong += [f"{serial}: booked, the bank knows nothing of it" for serial in booked if serial not in told]
    for serial, belief in told.items():
        fens = booked.get(serial, [])
        if belief.story == "bank_only" and fens:
            wrong.append(f"{serial}: booked though it was never sent")
        elif belief.story in {"silent", "bank_only"}:
            continue
        elif fens != ([belief.amount_fen] if belief.money else []):
            wrong.append(f"{serial} ({belief.story}, {belief.code}): the bank says {belief.money}, booked {fens}")
    return wrong


def _books() -> list[str]:
    from mainstay.core import checks

    wanted = [one for name, one in checks.registered().items() if name in {"bank", "ledger"}]
    return [str(finding.text) for outcome in checks.run(wanted) for finding in outcome.findings]


def _reconciled(bank: Bank, outcome: Outcome) -> list[str]:
    """The bank's file against ours: exactly the differences that the played faults must leave; twice the same."""
    from mainstay.core.access.batch import system_user
    from mainstay.gas.bank import library
    from mainstay.gas.bank.actions import cut_day, reconcile
    from mainstay.gas.bank.models import Difference
    from mainstay.gas.bank.queries import our_payments
    from mainstay.gas.bank.rules.statements import write_statement

    by, day = system_user(), bank.business_on
    cut_day(bank=bank, business_on=day, by=by)
    bank.refresh_from_db()
    raw = write_statement(library.layouts()[bank.layout]["statement"], day, outcome.statement())
    first = reconcile(bank=bank, business_on=day, name="drill.txt", raw=raw, by=by)
    before = _figures(first)
    found = {(one.serial, one.kind) for one in Difference.objects.filter(bank=bank, business_on=day)}
    again = _figures(reconcile(bank=bank, business_on=day, name="drill.txt", raw=raw, by=by))
    ours = {row.serial for row in our_payments(bank, day)}
    expected = {(one.serial, "bank_only") for one in outcome.beliefs if one.story == "bank_only"}
    expected |= {(one.serial, "differs") for one in outcome.beliefs if one.told_fen is not None and one.money}
    expected |= {(one.serial, "ours_only") for one in outcome.beliefs if one.story == "silent" and one.serial in ours}
    wrong = [f"difference not explained: {one}" for one in sorted(found - expected)]
    wrong += [f"difference not found: {one}" for one in sorted(expected - found)]
    return wrong + ([] if again == before else [f"reconciled again: {again} instead of {before}"])


def _figures(statement: Statement) -> dict[str, int]:
    names = ("rows", "amount_fen", "matched", "matched_fen", "bank_only", "bank_only_fen", "ours_only", "ours_only_fen",
             "differs", "differs_bank_fen", "differs_ours_fen")  # fmt: skip
    return {name: getattr(statement, name) for name in names}


def _differences(bank: Bank) -> dict[str, int]:
    from mainstay.gas.bank.models import Statement

    last = Statement.objects.filter(bank=bank).latest("pk")
    return {name: getattr(last, name) for name in ("matched", "bank_only", "ours_only", "differs")}


def fuzz(process: Process, facts: WireFacts, frames: int, seed: int = 1) -> dict[str, Any]:
    """Send mutated frames to a process: it stays alive, its memory stays small, and nothing is booked."""
    from mainstay.gas.payments.models import Payment

    before = Payment.objects.count()
    asyncio.run(_mutants(facts, min(frames, 500), seed + 1))  # what is loaded once is no leak
    memory = process.memory_mb()
    closed, answered = asyncio.run(_mutants(facts, frames, seed))
    grown = round(process.memory_mb() - memory, 1)
    alive = process.child is not None and process.child.poll() is None
    return {"frames": frames, "closed": closed, "answered": answered, "grown_mb": grown,
            "booked": Payment.objects.count() - before, "alive": alive}  # fmt: skip


async def _mutants(facts: Any, frames: int, seed: int, hands: int = 8) -> tuple[int, int]:
    """Send frames from several connections; returns how often a connection was closed, and how many answers came."""
    dice = random.Random(seed)  # noqa: S311  # noise, no secrets
    left, closed, answered = frames, 0, 0

    async def hand() -> None:
        nonlocal left, closed, answered
        while left > 0:
            wire = Wire(facts)
            await wire.connect(30)
            while left > 0 and wire.connected:
                left -= 1
                wire.send(mutant(facts, wire, dice))
                await wire.ended(0.002)
            closed += not wire.connected
            answered += wire.stray
            wire.drop()

    await asyncio.gather(*(hand() for _number in range(hands)))
    return closed, answered


def mutant(facts: Any, wire: Wire, dice: random.Random) -> bytes:
    """A payment message for nobody, spoilt: before it is authenticated, after that, or in its frame."""
    message = Message(
        kind=dice.choice([Kind.PAY, Kind.REVERSAL, Kind.QUERY, Kind.DAY_CUT, Kind.NOTICE]),
        serial=f"F{dice.randrange(10**9)}", account_no=f"9{dice.randrange(10**9):010d}", amount_fen=1, original="X1",
        business_on=_today() - dt.timedelta(days=dice.randrange(1, 9)),
    )  # fmt: skip
    body = bytearray(facts.adapter.encode(wire.dressed(message), facts.mac))
    kind = dice.randrange(3)
    if kind == 0 and facts.mac is not None:  # authentic nonsense: the reader itself must refuse it
        width = len(body) - len(facts.adapter.encode(wire.dressed(message), None))
        inner = spoilt(body[:-width], dice)
        code = facts.mac(bytes(inner))
        body = inner + (code if width == len(code) else code.hex().upper().encode())
    else:
        body = spoilt(body, dice)
    raw = bytearray(facts.framing.wrap(bytes(body)))
    if kind == 2:  # noqa: PLR2004
        raw[dice.randrange(facts.framing.width)] ^= 1 << dice.randrange(8)
    return bytes(raw)


def _today() -> dt.date:
    from mainstay.kit.dates import local_today

    return local_today()


def spoilt(body: bytearray, dice: random.Random) -> bytearray:
    """Some bits turned, some bytes lost, doubled or put in."""
    body = bytearray(body)
    for _time in range(dice.randrange(1, 4)):
        place = dice.randrange(len(body) or 1)
        change = dice.randrange(4)
        if change == 0 and body:
            body[place] ^= 1 << dice.randrange(8)
        elif change == 1:
            del body[place : place + dice.randrange(1, 9)]
        elif change == 2:  # noqa: PLR2004
            body[place:place] = body[place : place + dice.randrange(1, 30)]
        else:
            body[place:place] = dice.randbytes(dice.randrange(1, 20))
    return body or bytearray(b"x")
