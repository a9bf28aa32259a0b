"""The window of a bank: what the rules need to know about some messages, read under their locks in one journey to the
database, and the journal rows that are written with the money.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import Any

from django.db import connection
from django.db.transaction import TransactionManagementError

from mainstay.gas.bank.models import Bank, Entry
from mainstay.gas.bank.rules.messages import Code, Message, digest
from mainstay.kit.sqlkit import locks
from mainstay.kit.sqlkit.trips import Statement, round_trip

DAY_LOCK = "bank.day"
PAY, REVERSAL = int(Entry.Kind.PAY), int(Entry.Kind.REVERSAL)
_ROWS = 50
COLUMNS = (
    "bank_id", "business_on", "serial", "kind", "original", "account_no", "account_id", "amount_fen", "code",
    "payment_no", "digest", "request", "response", "line_id", "at",
)  # fmt: skip
_NOT_REVERSED = f"""NOT EXISTS (SELECT 1 FROM bank_entry r WHERE r.bank_id = e.bank_id
  AND r.business_on = e.business_on AND r.original = e.serial AND r.original <> '' AND r.kind = {REVERSAL}
  AND r.code = '00')"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Call:
    """A message as it came over a line: its meaning, its bytes without frame, the line."""

    message: Message
    body: bytes = b""
    line_id: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A row of the journal."""

    kind: int
    original: str
    account_no: str
    account_id: int | None
    amount_fen: int
    code: str
    payment_no: int | None
    digest: str
    response: str


@dataclass(frozen=True, slots=True)
class Found:
    """An account that a message names."""

    id: int
    unit_id: int
    state: str
    name: str


@dataclass(slots=True)
class Window:
    """What is known about the messages, and the rows to write. Lives within one transaction."""

    bank: Bank
    at: dt.datetime
    business_on: dt.date
    known: dict[tuple[dt.date, str], Known] = field(default_factory=dict)
    reversed_before: set[tuple[dt.date, str]] = field(default_factory=set)
    accounts: dict[str, Found] = field(default_factory=dict)
    taken_of: dict[str, int] = field(default_factory=dict)
    taken_fen: int = 0
    _rows: list[tuple[Any, ...]] = field(default_factory=list)
    _taken_now: int = 0

    def keep(
        self,
        call: Call,
        code: Code,
        response: bytes,
        *,
        account_id: int | None = None,
        payment_no: int | None = None,
        taken_fen: int = 0,
    ) -> None:
        """Keep the journal row of an answer; the same serial later in this group finds it."""
        message = call.message
        day, serial = message.business_on or self.business_on, message.serial
        kind = REVERSAL if message.kind == "reversal" else PAY
        amount = message.amount_fen or 0
        known = Known(kind, message.original, message.account_no, account_id, amount, code.value, payment_no,
                      digest(message), response.hex())  # fmt: skip
        self.known[day, serial] = known
        if kind == REVERSAL:
            self.reversed_before.add((day, message.original))
        self._rows.append(
            (self.bank.pk, day, serial, kind, known.original, known.account_no, account_id, amount, known.code,
             payment_no, known.digest, call.body.hex(), known.response, call.line_id, self.at)
        )  # fmt: skip
        self.taken_fen += taken_fen
        self._taken_now += taken_fen
        if taken_fen > 0:
            self.taken_of[message.account_no] = self.taken_of.get(message.account_no, 0) + taken_fen

    def statements(self) -> list[Statement]:
        """What writes the rows."""
        found: list[Statement] = []
        for first in range(0, len(self._rows), _ROWS):
            part = self._rows[first : first + _ROWS]
            found.append((insert_entries(len(part)), list(chain.from_iterable(part))))
        if self.bank.limit_day_fen and self._taken_now:
            found.append((_TAKEN, [self.bank.pk, self.business_on, self._taken_now]))
        return found


_TAKEN = """INSERT INTO bank_day (bank_id, business_on, taken_fen) VALUES (%s, %s, %s)
ON CONFLICT (bank_id, business_on) DO UPDATE SET taken_fen = bank_day.taken_fen + excluded.taken_fen"""


@cache
def insert_entries(count: int) -> str:
    """The statement that writes so many rows."""
    marks = f"({', '.join(['%s'] * len(COLUMNS))})"
    return f"INSERT INTO bank_entry ({', '.join(COLUMNS)}) VALUES {', '.join([marks] * count)}"  # noqa: S608


def looked_up(columns: str, table: str, where: str) -> str:
    """SQL that looks up one row for each of a list of texts (w.text), its columns after the text itself.

    One parameter for the list, so that the statement's text stays the same; one look-up in the index for each text,
    whatever the planner believes about a table that has grown since it was last counted.
    """
    if connection.vendor == "postgresql":
        return (
            f"SELECT w.text, {columns} FROM unnest(string_to_array(%s, ',')) AS w(text) "  # noqa: S608
            f"CROSS JOIN LATERAL (SELECT * FROM {table} WHERE {where} LIMIT 1) e"
        )
    return (
        f"SELECT w.value, {columns} FROM json_each(%s) w CROSS JOIN {table} e "  # noqa: S608
        f"WHERE {where.replace('w.text', 'w.value')}"
    )


def listed(texts: Iterable[str]) -> str:
    """The parameter of `looked_up`. Texts are letters and digits (checked before), so commas part them safely."""
    wanted = sorted(set(texts))
    return ",".join(wanted) if connection.vendor == "postgresql" else json.dumps(wanted)


def open_window(bank: Bank, calls: Sequence[Call], at: dt.datetime) -> Window:
    """Lock the messages' serials (and the day, shared) and read what the rules need.

    Serials, account numbers and originals must be letters and digits; every message has its business date.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("Money moves inside a transaction only.")
    messages = [call.message for call in calls]
    days = sorted({message.business_on for message in messages if message.business_on})
    before = _locks(bank, messages)
    reads: list[Statement] = [("SELECT b.business_on FROM bank_bank b WHERE b.id = %s", [bank.pk])]
    for day in days:
        of_day = [message for message in messages if message.business_on == day]
        reads += _of_day(bank.pk, day, of_day)
    numbers = listed(message.account_no for message in messages)
    reads.append((_accounts(), [numbers]))
    if bank.limit_account_fen:
        reads += [(_taken_of(), [numbers, bank.pk, day]) for day in days]
    if bank.limit_day_fen:
        reads += [("SELECT d.taken_fen FROM bank_day d WHERE d.bank_id = %s AND d.business_on = %s", [bank.pk, day])
                  for day in days[:1]]  # fmt: skip
    found = iter(round_trip([*before, *reads])[len(before) :])
    window = Window(bank, at, as_day(next(found)[0][0]))
    for day in days:
        window.known |= {(day, row[0]): Known(*row[1:]) for row in next(found)}
        window.reversed_before |= {(day, row[0]) for row in next(found)}
    window.accounts = {row[0]: Found(row[1], row[2], row[3], row[5]) for row in next(found)}
    if bank.limit_account_fen:
        for _day in days:
            for number, fen in next(found):
                window.taken_of[number] = window.taken_of.get(number, 0) + int(fen)
    if bank.limit_day_fen and days:
        window.taken_fen = sum(row[0] for row in next(found))
    return window


def _accounts() -> str:
    rows = looked_up("e.id, e.unit_id, e.state, e.customer_id", "customers_account", "account_no = w.text")
    return f"SELECT f.*, c.name FROM ({rows}) f JOIN customers_customer c ON c.id = f.customer_id"  # noqa: S608


def _known() -> str:
    columns = "e.kind, e.original, e.account_no, e.account_id, e.amount_fen, e.code, e.payment_no, e.digest, e.response"
    return looked_up(columns, "bank_entry", "serial = w.text AND bank_id = %s AND business_on = %s")


def _reversed() -> str:
    where = "original = w.text AND original <> '' AND bank_id = %s AND business_on = %s"
    return looked_up("1", "bank_entry", where)


def _taken_of() -> str:
    """What accounts paid over the bank on a day, less what was taken back."""
    source = "unnest(string_to_array(%s, ',')) AS w(text)" if connection.vendor == "postgresql" else "json_each(%s) w"
    text = "w.text" if connection.vendor == "postgresql" else "w.value"
    return f"""SELECT {text}, sum(e.amount_fen) FROM {source} JOIN bank_entry e ON e.account_no = {text}
        WHERE e.bank_id = %s AND e.business_on = %s AND e.kind = {PAY} AND e.code = '00' AND {_NOT_REVERSED}
        GROUP BY {text}"""  # noqa: S608


def _of_day(bank_id: int, day: dt.date, messages: Sequence[Message]) -> list[Statement]:
    serials = [message.serial for message in messages]
    originals = [message.original for message in messages if message.original]
    texts = listed([*serials, *originals])
    return [
        (_known(), [texts, bank_id, day]),
        (_reversed(), [texts, bank_id, day]),
    ]


def _locks(bank: Bank, messages: Sequence[Message]) -> list[Statement]:
    """The day, shared unless a limit of the day has to be watched, and every serial, always in the same order."""
    if connection.vendor != "postgresql" or not locks.LOCKS_ON:
        return []
    day = locks.lock_number(DAY_LOCK, bank.pk)
    texts = {(message.business_on, text) for message in messages for text in (message.serial, message.original) if text}
    numbers = sorted(locks.lock_number(f"bank.serial:{on}:{text}", bank.pk) for on, text in texts)
    shared = "" if bank.limit_day_fen else "_shared"
    return [
        (f"SELECT pg_advisory_xact_lock{shared}(%s)", [day]),
        ("SELECT pg_advisory_xact_lock(n) FROM unnest(%s::bigint[]) AS n", [numbers]),
    ]


def as_day(value: Any) -> dt.date:
    """A date as either database gives it."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value
