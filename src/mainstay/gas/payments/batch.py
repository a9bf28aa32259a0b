"""Writing money set by set: two round trips to the database for one payment as for a hundred.

`Book` loads what the rules need about some accounts under their locks, collects rows, and writes them. Compared
row by row with the rules in the tests.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.transaction import TransactionManagementError
from django.utils.translation import gettext_lazy as _

from mainstay.gas.billing.batch_accruals import take_up
from mainstay.gas.ledger import chart
from mainstay.gas.ledger import rules as ledger
from mainstay.gas.ledger.models import Posting
from mainstay.gas.payments import rules
from mainstay.gas.payments.batch_write import PAYMENT_COLUMNS, statements_of
from mainstay.gas.payments.rules import Item, Key, Move
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import among, locks
from mainstay.kit.sqlkit.plans import PLANNED_ONCE
from mainstay.kit.sqlkit.trips import Statement, round_trip

DAY_LOCK = "ledger.day"
SHIFT_LOCK = "payments.shift"
_LOCKS_IN_A_ROW = 3  # of one payment: its account, its serial, its shift

ACCOUNTS = """SELECT a.id, a.unit_id,
  coalesce((SELECT v.balance_fen FROM payments_advance v WHERE v.account_id = a.id), 0),
  coalesce((SELECT max(p.payment_no) FROM payments_payment p WHERE p.account_id = a.id), 0),
  EXISTS (SELECT 1 FROM billing_accrual w WHERE w.account_id = a.id)
FROM customers_account a WHERE {chosen}"""
ITEMS = """SELECT i.account_id, i.period, i.seq, i.due_on, i.open_fen,
  coalesce((SELECT max(l.no) FROM payments_allocation l
            WHERE l.account_id = i.account_id AND l.period = i.period AND l.seq = i.seq), 0),
  CASE WHEN i.open_fen < 0 THEN (SELECT b.refers_seq FROM billing_bill b
            WHERE b.account_id = i.account_id AND b.period = i.period AND b.seq = i.seq) END
FROM billing_openitem i LEFT JOIN billing_billingrun r ON r.id = i.run_id
WHERE {chosen} AND (i.run_id IS NULL OR r.state = 'released')
ORDER BY i.account_id, i.due_on, i.period, i.seq"""
SHIFT = """SELECT s.id, s.state, s.business_on, s.last_receipt, s.clerk_id, t.id, t.code, t.unit_id
FROM payments_shift s JOIN payments_till t ON t.id = s.till_id WHERE {chosen}"""
_ONE_SHIFT = SHIFT.format(chosen="s.id = %s")
_SERIALS = """SELECT s.serial, s.digest, s.account_id, s.payment_no FROM payments_serial s
WHERE s.channel = %s AND s.business_on = %s AND s.serial IN ({marks})"""
CLOSED = "SELECT c.unit_id FROM ledger_closedday c WHERE c.business_on = %s AND NOT c.reopened"
_SETTLED = """SELECT a.period, a.seq, p.debit, p.amount_fen, a.no FROM payments_allocation a
JOIN ledger_posting p ON p.account_id = a.account_id AND p.document = %s
  AND p.document_no = (CAST(a.period AS bigint) * 100000 + a.seq) * 100000 + a.no
WHERE a.account_id = %s AND a.payment_no IS NULL"""
_BILL = """SELECT b.due_on, coalesce((SELECT i.open_fen FROM billing_openitem i
    WHERE i.account_id = b.account_id AND i.period = b.period AND i.seq = b.seq), 0),
  coalesce((SELECT max(l.no) FROM payments_allocation l
    WHERE l.account_id = b.account_id AND l.period = b.period AND l.seq = b.seq), 0)
FROM billing_bill b WHERE b.account_id = %s AND b.period = %s AND b.seq = %s"""
SETTLEMENT = int(Posting.Document.SETTLEMENT)

Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where payments come in: a channel on a business date, at the counter with its shift."""

    channel: str
    business_on: dt.date
    shift_id: int | None = None


@dataclass(slots=True)
class ShiftState:
    """The shift that money goes through, locked until the transaction ends."""

    id: int
    state: str
    business_on: dt.date
    last_receipt: int
    clerk_id: int
    till_id: int
    till_code: str
    unit_id: int


@dataclass(slots=True)
class AccountState:
    """What the rules need of one account."""

    id: int
    unit_id: int
    advance_fen: int
    last_payment_no: int
    accrued: bool = False  # late fees that are no documents yet: `Book.load` makes them so before anything is booked
    items: dict[Key, Item] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Posted:
    """A payment as it stands: `repeated` when the serial had been posted before and nothing was written now."""

    account_id: int
    payment_no: int
    repeated: bool
    row: dict[str, Any] | None = None


class Book:
    """Reads accounts under lock, takes moves, writes everything at once. Lives within one transaction."""

    def __init__(self, desk: Desk, *, by_id: int, at: dt.datetime) -> None:
        if not connection.in_atomic_block:
            raise TransactionManagementError("Money moves inside a transaction only.")
        self.desk, self.by_id, self.at = desk, by_id, at
        self.accounts: dict[int, AccountState] = {}
        self.serials: dict[str, tuple[str, int, int]] = {}
        self.shift: ShiftState | None = None
        self.closed_units: set[int] = set()
        self.rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self.opened: dict[tuple[int, Key], int] = {}
        self.advances: dict[int, int] = defaultdict(int)

    def load(
        self, account_ids: Sequence[int], serials: Sequence[str] = (), asked: Sequence[Statement] = ()
    ) -> list[list[tuple[Any, ...]]]:
        """Lock the accounts (and serials) and read them, the shift and what was already posted: one round trip.

        `asked` are reads of others that travel with it, behind the locks; returns the rows of each of them. Late fees
        that a run accrued become documents first; then all is read once more.
        """
        ids = sorted(set(account_ids))
        before = self._lock_statements(ids, serials)
        of_accounts, of_items = among("a.id", ids), among("i.account_id", ids)
        reads: list[Statement] = [
            (ACCOUNTS.format(chosen=of_accounts[0]), of_accounts[1]),
            (ITEMS.format(chosen=of_items[0]), of_items[1]),
            (CLOSED, [self.desk.business_on]),
        ]
        if serials:
            listed = ", ".join(["%s"] * len(serials))
            reads.append((_SERIALS.format(marks=listed), [self.desk.channel, self.desk.business_on, *serials]))
        if self.desk.shift_id is not None:
            reads.append((_ONE_SHIFT, [self.desk.shift_id]))
        found = round_trip([*before, *reads, *asked])[len(before) :]
        rest = iter(found)
        accounts, items, closed = next(rest), next(rest), next(rest)
        known = next(rest) if serials else []
        self.take(accounts, items, closed, known, next(rest) if self.desk.shift_id is not None else [])
        waiting = [one.id for one in self.accounts.values() if one.accrued]
        if waiting:
            take_up(waiting, self.desk.business_on)
            return self.load(account_ids, serials, asked)
        return found[len(reads) :]

    def _lock_statements(self, ids: Sequence[int], serials: Sequence[str]) -> list[Statement]:
        if connection.vendor != "postgresql" or not locks.LOCKS_ON:
            return []
        day = locks.lock_number(DAY_LOCK, self.desk.business_on.toordinal())
        numbers = [locks.lock_number(f"serial:{self.desk.channel}:{serial}", 0) for serial in serials]
        numbers += [locks.lock_number("account", account_id) for account_id in ids]
        if self.desk.shift_id is not None:
            numbers.append(locks.lock_number(SHIFT_LOCK, self.desk.shift_id))
        numbers.sort()
        if len(numbers) <= _LOCKS_IN_A_ROW:
            marks = ", pg_advisory_xact_lock(%s)" * len(numbers)
            return [(f"SELECT {PLANNED_ONCE}, pg_advisory_xact_lock_shared(%s){marks}", [day, *numbers])]
        return [
            (f"SELECT {PLANNED_ONCE}, pg_advisory_xact_lock_shared(%s)", [day]),
            ("SELECT pg_advisory_xact_lock(n) FROM unnest(%s::bigint[]) AS n", [numbers]),
        ]

    def take(self, accounts: Rows, items: Rows, closed: Rows, serials: Rows = (), shifts: Rows = ()) -> None:
        """Keep what was read (the rows of ACCOUNTS, ITEMS, CLOSED, the serials known, the shift)."""
        self.accounts = {row[0]: AccountState(*row) for row in accounts}
        for account_id, period, seq, due_on, open_fen, last_no, refers_seq in items:
            item = Item(period, seq, as_day(due_on), open_fen, last_no, refers_seq)
            self.accounts[account_id].items[item.key] = item
        self.closed_units = {row[0] for row in closed}
        self.serials = {row[0]: (row[1], row[2], row[3]) for row in serials}
        self.shift = next((ShiftState(row[0], row[1], as_day(row[2]), *row[3:]) for row in shifts), None)

    def unit_of(self, account: AccountState) -> int:
        """The branch a document of this desk belongs to: the till's, else the account's. Refuses a closed day."""
        unit_id = self.shift.unit_id if self.shift else account.unit_id
        if unit_id in self.closed_units:
            text = _("The business day %(day)s is closed for this branch. Nothing was booked; use the next day.")
            raise Problem(text % {"day": self.desk.business_on}, code="day_closed")
        return unit_id

    def next_receipt(self) -> str:
        """The next receipt number of the shift, "" outside of one. Gapless: it is written with the payment."""
        if self.shift is None:
            return ""
        self.shift.last_receipt += 1
        return rules.receipt_number(self.shift.till_code, self.shift.business_on, self.shift.last_receipt)

    def put(self, account: AccountState, moves: Iterable[Move], payment_no: int | None) -> None:
        """Allocate: change the open items and keep the allocation rows."""
        for move in moves:
            old = account.items.get(move.item.key, move.item)
            no = old.last_no + 1
            new = Item(old.period, old.seq, old.due_on, old.open_fen - move.amount_fen, no, old.refers_seq)
            account.items[new.key] = new
            self.opened[account.id, new.key] = new.open_fen
            self.rows["payments_allocation"].append(
                (account.id, *new.key, no, payment_no, move.amount_fen, self.desk.business_on)
            )

    def load_closed_items(self, account: AccountState, keys: Iterable[Key]) -> None:
        """Read bills that are not open (any more), as items with nothing open, so that moves can reopen them."""
        for period, seq in keys:
            if (period, seq) in account.items:
                continue
            found = round_trip([(_BILL, [account.id, period, seq])])[0][0]
            account.items[period, seq] = Item(period, seq, as_day(found[0]), found[1], found[2])

    def settled(self, account: AccountState) -> list[tuple[Key, int]]:
        """What the advance still pays, by bill, oldest settlement first."""
        sums: dict[Key, int] = defaultdict(int)
        for period, seq, debit, amount_fen, _no in round_trip([(_SETTLED, [SETTLEMENT, account.id])])[0]:
            sums[period, seq] += amount_fen if debit == chart.ADVANCE else -amount_fen
        return [(key, amount_fen) for key, amount_fen in sorted(sums.items()) if amount_fen > 0]

    def put_settlement(self, account: AccountState, moves: Iterable[Move]) -> None:
        """Allocate from (or back to) the advance, with the posting of each allocation."""
        for move in moves:
            self.put(account, [move], None)
            no = account.items[move.item.key].last_no
            document_no = ledger.settlement_document(*move.item.key, no)
            self.post(account, Posting.Document.SETTLEMENT, document_no, ledger.settlement_lines(move.amount_fen))
            self.change_advance(account, -move.amount_fen)

    def change_advance(self, account: AccountState, amount_fen: int) -> None:
        """Add to the advance."""
        account.advance_fen += amount_fen
        self.advances[account.id] += amount_fen

    def post(
        self, account: AccountState, document: Posting.Document, document_no: int, lines: Iterable[ledger.Line]
    ) -> None:
        """Keep posting rows."""
        unit_id, till_id = self.unit_of(account), self.shift.till_id if self.shift else None
        self.rows["ledger_posting"] += [
            (account.id, int(document), document_no, line.line, self.desk.business_on, unit_id, till_id,
             line.debit, line.credit, line.amount_fen)
            for line in lines
        ]  # fmt: skip

    def add_payment(self, account: AccountState, serial: str, digest: str = "", **columns: Any) -> dict[str, Any]:
        """Keep a payment row (and its serial) with the next number of the account; returns the row."""
        account.last_payment_no += 1
        row = {
            "account_id": account.id,
            "payment_no": account.last_payment_no,
            "channel": self.desk.channel,
            "serial": serial,
            "business_on": self.desk.business_on,
            "received_fen": None,
            "unit_id": self.unit_of(account),
            "shift_id": self.desk.shift_id,
            "receipt_no": self.next_receipt(),
            "refers_no": None,
            "reason": "",
            "by_id": self.by_id,
            "at": self.at,
            **columns,
        }
        self.rows["payments_payment"].append(tuple(row[name] for name in PAYMENT_COLUMNS))
        if digest:
            key = (self.desk.channel, self.desk.business_on, serial)
            self.rows["payments_serial"].append((*key, digest, account.id, account.last_payment_no))
            self.serials[serial] = (digest, account.id, account.last_payment_no)
        return row

    def write(self) -> None:
        """Write all rows: one round trip."""
        round_trip(self.statements())

    def statements(self) -> list[Statement]:
        """What writes all rows, in order."""
        return statements_of([self])


def as_day(value: Any) -> dt.date:
    """A date as either database gives it."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def with_money(account_ids: Sequence[int]) -> list[int]:
    """Those of the accounts that have an advance or a credit, hence something to settle with."""
    found: set[int] = set()
    for first in range(0, len(account_ids), 500):
        part = list(account_ids[first : first + 500])
        marks = ", ".join(["%s"] * len(part))
        rows = round_trip(
            [
                (f"SELECT account_id FROM payments_advance WHERE balance_fen > 0 AND account_id IN ({marks})", part),  # noqa: S608
                (f"SELECT account_id FROM billing_openitem WHERE open_fen < 0 AND account_id IN ({marks})", part),  # noqa: S608
            ]
        )
        found |= {row[0] for one in rows for row in one}
    return sorted(found)


def with_money_in_run(run_id: int) -> list[int]:
    """Accounts with an open bill of a run and an advance, or with a credit from it."""
    rows = round_trip(
        [
            (
                "SELECT v.account_id FROM payments_advance v WHERE v.balance_fen > 0 AND EXISTS (SELECT 1 "
                "FROM billing_openitem i WHERE i.account_id = v.account_id AND i.run_id = %s)",
                [run_id],
            ),
            (
                "SELECT i.account_id FROM billing_bill b JOIN billing_openitem i ON i.account_id = b.account_id "
                "AND i.period = b.period AND i.seq = b.seq WHERE b.run_id = %s AND b.amount_fen < 0",
                [run_id],
            ),
        ]
    )
    return sorted({row[0] for one in rows for row in one})
