"""Where money goes. Pure: open items and amounts in, moves out, all in fen.

The rule of allocation (核销): the bills a customer chose first, then the oldest by due date; what is left over becomes
an advance. Credits (bills with a negative amount) are used up against debts before they become an advance.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain

_compact = json.JSONEncoder(separators=(",", ":")).encode
Key = tuple[int, int]
"""Period and seq of a bill within its account."""


@dataclass(frozen=True, slots=True)
class Item:
    """What is open of one bill: positive is owed, negative is a credit.

    `last_no`: number of its last allocation; `refers_seq`: of a credit, the bill of its period that it takes back.
    """

    period: int
    seq: int
    due_on: dt.date
    open_fen: int
    last_no: int = 0
    refers_seq: int | None = None

    @property
    def key(self) -> Key:
        """Period and seq."""
        return self.period, self.seq


@dataclass(frozen=True, slots=True)
class Move:
    """An amount put on an item: reduces `open_fen` by `amount_fen` (negative for a credit that is used up)."""

    item: Item
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What a settlement does: netting between items (posts nothing), and moves paid from or to the advance."""

    netted: list[Move]
    from_advance: list[Move]

    @property
    def advance_fen(self) -> int:
        """Change of the advance, in fen."""
        return -sum(move.amount_fen for move in self.from_advance)


@dataclass(frozen=True, slots=True)
class NewPayment:
    """A payment as it comes in. `chosen`: keys of bills to pay first; `received_fen`: what was handed over, in cash.

    `also`: keys of what was charged on chosen bills with this payment (late fees), to be paid with them.
    """

    account_id: int
    amount_fen: int
    tender: int
    channel: str
    serial: str
    business_on: dt.date
    shift_id: int | None = None
    chosen: tuple[Key, ...] = ()
    received_fen: int | None = None
    also: tuple[Key, ...] = ()

    @property
    def serial_key(self) -> tuple[str, dt.date, str]:
        """What makes the payment unique: channel, business date, serial."""
        return self.channel, self.business_on, self.serial


def digest(payment: NewPayment) -> str:
    """Fingerprint of what a serial stands for: the same serial must always come with the same content."""
    content = [payment.account_id, payment.amount_fen, payment.tender, [list(key) for key in payment.chosen]]
    return sha256(_compact(content).encode()).hexdigest()


def allocate(items: Iterable[Item], amount_fen: int, chosen: Collection[Key] = ()) -> tuple[list[Move], int]:
    """Put an amount on what is owed: chosen bills first, then the oldest by due date. Returns moves and what is left.

    Never more than is open; moves and rest always add up to the amount.
    """
    owed = sorted(
        (item for item in items if item.open_fen > 0),
        key=lambda item: (item.key not in chosen, item.due_on, item.period, item.seq),
    )
    moves: list[Move] = []
    for item in owed:
        if amount_fen <= 0:
            break
        part = min(item.open_fen, amount_fen)
        moves.append(Move(item, part))
        amount_fen -= part
    return moves, amount_fen


def settle(items: Sequence[Item], advance_fen: int) -> Settled:
    """Use credits against debts, then the advance for what is owed; what is left of credits goes to the advance.

    A credit first takes back the bill it refers to, so that after cancel and rebill the new bill is the open one; only
    then do credits go to other debts, those of the same period before the oldest.
    """
    left = {item.key: item.open_fen for item in items}
    credits = sorted((item for item in items if item.open_fen < 0), key=_age)
    netted: list[Move] = []
    for credit, debt in chain(_referred(credits, items), _by_age(credits, items)):
        part = min(max(left[debt.key], 0), -left[credit.key])
        if part > 0:
            netted += [Move(debt, part), Move(credit, -part)]
            left[debt.key] -= part
            left[credit.key] += part
    from_advance = [Move(item, left[item.key]) for item in items if left[item.key] < 0]
    advance_fen -= sum(move.amount_fen for move in from_advance)
    owed = [Item(i.period, i.seq, i.due_on, left[i.key], i.last_no) for i in items if left[i.key] > 0]
    from_advance += allocate(owed, advance_fen)[0]
    return Settled(_merged(netted), from_advance)


def _referred(credits: Sequence[Item], items: Iterable[Item]) -> Iterator[tuple[Item, Item]]:
    """Pairs of a credit and the bill it refers to."""
    by_key = {item.key: item for item in items}
    for credit in credits:
        if credit.refers_seq is not None and (credit.period, credit.refers_seq) in by_key:
            yield credit, by_key[credit.period, credit.refers_seq]


def _by_age(credits: Sequence[Item], items: Sequence[Item]) -> Iterator[tuple[Item, Item]]:
    """Pairs of a credit and a debt: those of its own period first, then the oldest."""
    debts = sorted((item for item in items if item.open_fen > 0), key=_age)
    for credit in credits:
        for debt in sorted(debts, key=lambda item: item.period != credit.period):
            yield credit, debt


def _age(item: Item) -> tuple[dt.date, int, int]:
    return item.due_on, item.period, item.seq


def _merged(moves: Iterable[Move]) -> list[Move]:
    """One move for each item: allocations of one settlement need not be told apart."""
    sums: dict[Key, Move] = {}
    for move in moves:
        before = sums.get(move.item.key)
        sums[move.item.key] = Move(move.item, move.amount_fen + (before.amount_fen if before else 0))
    return list(sums.values())


def take_back(settlements: Sequence[tuple[Key, int]], short_fen: int) -> list[tuple[Key, int]]:
    """Which settlements to undo, newest first, so that `short_fen` comes back into the advance.

    `settlements` are the amounts still settled by bill, oldest first; raises ValueError when they do not suffice.
    """
    undone: list[tuple[Key, int]] = []
    for key, amount_fen in reversed(settlements):
        if short_fen <= 0:
            break
        part = min(amount_fen, short_fen)
        undone.append((key, part))
        short_fen -= part
    if short_fen > 0:
        raise ValueError("the advance and what it was used for are less than what must come back")
    return undone


def change_fen(due_fen: int, received_fen: int) -> int:
    """Change to give back for cash; negative when too little was handed over."""
    return received_fen - due_fen


def expected_cash(float_fen: int, cash_fen: Iterable[int]) -> int:
    """What must be in the drawer: the float and all cash taken, less cash paid back."""
    return float_fen + sum(cash_fen)


def receipt_number(till: str, business_on: dt.date, number: int) -> str:
    """Receipt number, gapless for each till and business day: W01-20261123-0007."""
    day = business_on.isoformat().replace("-", "")  # formatting by pattern takes twenty times as long
    return f"{till}-{day}-{number:04d}"
