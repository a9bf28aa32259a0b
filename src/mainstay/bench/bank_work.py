"""The work of `bench bank`: a company that owes, a served line, load over connections, plain rows, a reconciliation."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection, connections, transaction
from django.utils import timezone

from mainstay.bench import payments_work
from mainstay.bench.figures import milliseconds
from mainstay.bench.payments_plain import FEN, PERIOD
from mainstay.bench.payments_plain import _insert as plain_insert
from mainstay.core.access.batch import system_user
from mainstay.core.access.models import User
from mainstay.core.organisation.models import Unit
from mainstay.drill.bank import Process, free_port
from mainstay.gas.bank import library
from mainstay.gas.bank.actions import save_bank, save_line
from mainstay.gas.bank.batch.compare import compare, load_lines
from mainstay.gas.bank.batch.window import COLUMNS as ENTRY_COLUMNS
from mainstay.gas.bank.batch.window import insert_entries
from mainstay.gas.bank.models import Line, Statement
from mainstay.gas.bank.rules.framing import Framing
from mainstay.gas.bank.rules.messages import Code, Kind, Message
from mainstay.gas.bank.rules.statements import StatementRow, read_statement, write_statement
from mainstay.gas.bank.simulator import Wire, WireFacts
from mainstay.gas.customers.models import Account
from mainstay.gas.payments.models import Payment
from mainstay.kit.dates import local_today
from mainstay.kit.sqlkit import copy_rows, refresh_statistics
from mainstay.kit.sqlkit.trips import round_trip

WARM_UP = 200
_BYTES = ("30" * 125, "30" * 130)  # as long as a payment and its answer are in ISO 8583


class _Numbers:
    """Account numbers that still owe, each given once to whoever asks."""

    def __init__(self) -> None:
        self._left: Iterator[str] = iter(())

    def load(self) -> None:
        """Take every account."""
        self._left = iter(list(Account.objects.order_by("pk").values_list("account_no", flat=True)))

    def __iter__(self) -> Iterator[str]:
        return self._left


_numbers = _Numbers()


def build(accounts: int, layout: str) -> Line:
    """The company, a bank without limits that matter, a line at a free port."""
    payments_work.build(accounts, 1)
    by = system_user()
    library.make_key("BENCH")
    bank = save_bank(
        unit=Unit.objects.earliest("pk"), code="BENCH", name_zh="压测银行", name_en="Bench bank", layout=layout,
        rate_bank=10_000_000, rate_account=10_000, by=by,
    )  # fmt: skip
    _numbers.load()
    return save_line(bank=bank, name="1", port=free_port(), by=by)


@contextmanager
def served(line: Line) -> Iterator[None]:
    """A front-end processor in a process of its own, warm."""
    connections.close_all()
    process = Process(line.port)
    process.start()
    try:
        asyncio.run(_some(line, 8, WARM_UP))
        yield
    finally:
        process.stop()


def _facts(line: Line) -> WireFacts:
    adapter, mac = library.speech(line.bank.layout, line.bank.code, line.bank.mac_method)
    return WireFacts(line.host, line.port, adapter, mac, Framing(line.header, line.tpdu, line.longest))


def _payment(line: Line, account_no: str) -> Message:
    return Message(kind=Kind.PAY, serial=f"B{int(account_no) % 10**11:011d}", account_no=account_no, amount_fen=FEN,
                   business_on=line.bank.business_on)  # fmt: skip


async def _some(line: Line, lines: int, count: int) -> None:
    wires = [Wire(_facts(line)) for _line in range(lines)]
    for wire in wires:
        await wire.connect(30)
    await asyncio.gather(*(_pay(wire, line, islice(_numbers, count // lines), []) for wire in wires))
    for wire in wires:
        wire.drop()


async def _pay(wire: Wire, line: Line, accounts: Iterator[str], waits: list[float], until: float = 1e18) -> None:
    for account_no in accounts:
        began = time.perf_counter()
        answer, _body = await wire.ask(_payment(line, account_no), timeout=30)
        ended = time.perf_counter()
        if answer.code != Code.OK:
            raise RuntimeError(f"{account_no}: {answer.code}")
        waits.append(ended - began)
        if ended > until:
            return


async def rush(line: Line, lines: int, seconds: float) -> dict[str, Any]:
    """As many payments as come through with so many in flight, each on a connection of its own."""
    wires = [Wire(_facts(line)) for _line in range(lines)]
    for wire in wires:
        await wire.connect(30)
    waits: list[float] = []
    began = time.perf_counter()
    await asyncio.gather(*(_pay(wire, line, iter(_numbers), waits, began + seconds) for wire in wires))
    took = time.perf_counter() - began
    for wire in wires:
        wire.drop()
    return _figures(waits, took)


async def steady(line: Line, rate: int, seconds: float) -> dict[str, Any]:
    """Payments at a steady rate, whatever the answers take: what a customer at the bank's counter waits."""
    wire, waits = Wire(_facts(line)), []  # type: tuple[Wire, list[float]]
    await wire.connect(30)
    began = time.perf_counter()
    asked = []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        asked.append(asyncio.ensure_future(_pay(wire, line, islice(_numbers, 1), waits)))
    await asyncio.gather(*asked)
    took = time.perf_counter() - began
    wire.drop()
    return _figures(waits, took)


def _figures(waits: list[float], took: float) -> dict[str, Any]:
    return {
        "payments": len(waits),
        "payments_per_s": int(len(waits) / took),
        "p50_ms": milliseconds(waits, 50, 2),
        "p99_ms": milliseconds(waits, 99, 2),
    }


def codec(line: Line, messages: int) -> int:
    """Messages that one core reads and writes a second, authenticated: a payment and its answer are two."""
    facts = _facts(line)
    body = facts.adapter.encode(Wire(facts).dressed(_payment(line, "1000000001")), facts.mac)
    message = facts.adapter.decode(body, facts.mac)
    began = time.process_time()
    for _number in range(messages // 2):
        facts.adapter.decode(body, facts.mac)
        facts.adapter.encode(message, facts.mac)
    return int(messages / (time.process_time() - began))


def plain(line: Line, seconds: float) -> int:
    """The rows of a payment over the line as plain INSERTs, one commit each, on one connection; payments a second."""
    by, at, done = system_user(), timezone.now(), 0
    began = time.perf_counter()
    numbers = dict(Account.objects.filter(account_no__in=list(islice(_numbers, int(seconds * 4_000))))
                   .values_list("account_no", "pk"))  # fmt: skip
    began = time.perf_counter()
    for account_no, pk in numbers.items():
        with transaction.atomic():
            round_trip(_rows(line, account_no, pk, by, at), commit=True)
        done += 1
        if time.perf_counter() - began > seconds:
            break
    return int(done / (time.perf_counter() - began))


def _rows(line: Line, account_no: str, pk: int, by: User, at: dt.datetime) -> list[Any]:
    bank, serial = line.bank, f"L{int(account_no) % 10**11:011d}"
    day, channel, unit = bank.business_on, bank.channel, bank.unit_id
    audit = json.dumps({"messages": 1, "booked": 1, "business_on": str(day)})
    return [
        (plain_insert("payments_payment", 17),
         [pk, 1, 1, channel, serial, day, FEN, 5, None, 0, unit, None, "", None, "", by.pk, at]),
        (plain_insert("payments_serial", 6), [channel, day, serial, "d" * 64, pk, 1]),
        (plain_insert("payments_allocation", 7), [pk, PERIOD, 0, 1, 1, FEN, day]),
        (plain_insert("ledger_posting", 10), [pk, 2, 1, 1, day, unit, None, 1012, 1122, FEN]),
        ("DELETE FROM billing_openitem WHERE account_id = %s AND period = %s AND seq = %s", [pk, PERIOD, 0]),
        (insert_entries(1),
         [bank.pk, day, serial, 1, "", account_no, pk, FEN, "00", 1, "d" * 32, *_BYTES, line.pk, at]),
        (plain_insert("audit_entry", 13), [at, "gas.bank.take_payments", "done", by.pk, None, unit, None,
                                           f"bank.bank:{bank.pk}", "", None, audit, "", ""]),
    ]  # fmt: skip


def wrong() -> list[str]:
    """Payments of one account twice, and accounts out of step with the ledger."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_id FROM payments_payment GROUP BY account_id HAVING count(*) > 1 LIMIT 20")
        twice = [f"account {row[0]} paid twice" for row in cursor.fetchall()]
    out = payments_work.out_of_step()
    return twice + ([f"{out} accounts out of step"] if out else [])


def reconcile(line: Line, rows: int) -> dict[str, Any]:
    """A bank's file of so many lines against as many payments, a few of them different; the comparison is timed."""
    bank, day = line.bank, local_today() - dt.timedelta(days=30)
    _million(line, rows, day)
    shape = library.layouts()[bank.layout]["statement"]
    theirs = [StatementRow(f"M{number:011d}", f"{number:010d}", FEN) for number in range(10, rows + 10)]
    random.Random(1).shuffle(theirs)  # noqa: S311  # a bank may write its file in any order
    raw = write_statement(shape, day, theirs)
    began = time.perf_counter()
    told = read_statement(shape, raw, day)
    read_s = time.perf_counter() - began
    statement = Statement.objects.create(
        bank=bank, business_on=day, name="bench", sha256="b", rows=rows, amount_fen=told.amount_fen, by=system_user(),
        at=timezone.now(),
    )  # fmt: skip
    began = time.perf_counter()
    with transaction.atomic():
        load_lines(statement, told)
    load_s = time.perf_counter() - began
    refresh_statistics("bank_statementline", "bank_entry", "payments_payment")
    took = []
    for _time in range(3):
        began = time.perf_counter()
        sums, found = compare(statement, told)
        took.append(time.perf_counter() - began)
    return {"rows": rows, "seconds": round(sorted(took)[1], 2), "first_s": round(took[0], 2),
            "read_s": round(read_s, 2), "load_s": round(load_s, 2), "matched": sums["matched"][0],
            "differences": len(found)}  # fmt: skip


def _million(line: Line, rows: int, day: dt.date) -> None:
    """So many payments with their journal rows."""
    by, at, bank = system_user(), timezone.now(), line.bank
    first = Account.objects.earliest("pk").pk
    last_no = 1 + (Payment.objects.order_by("-payment_no").values_list("payment_no", flat=True).first() or 0)
    payments = (
        (first, last_no + n, 1, bank.channel, f"M{n:011d}", day, FEN, 5, 0, bank.unit_id, "", "", by.pk, at)
        for n in range(rows)
    )
    entries = (
        (bank.pk, day, f"M{n:011d}", 1, "", f"{n:010d}", first, FEN, "00", last_no + n, "d" * 32, *_BYTES, line.pk, at)
        for n in range(rows)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        copy_rows(cursor, "payments_payment", _PAYMENT, payments)
        copy_rows(cursor, "bank_entry", ENTRY_COLUMNS, entries)


_PAYMENT = (
    "account_id", "payment_no", "kind", "channel", "serial", "business_on", "amount_fen", "tender", "advance_fen",
    "unit_id", "receipt_no", "reason", "by_id", "at",
)  # fmt: skip
