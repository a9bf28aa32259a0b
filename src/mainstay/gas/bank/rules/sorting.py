"""The four classes of reconciliation: what the set-based comparison must give, row by row. Pure.

Every payment that the bank or we know ends in exactly one class, and the sums of the classes are those of both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mainstay.gas.bank.rules.statements import StatementRow
from mainstay.gas.ledger import chart

MATCHED, BANK_ONLY, OURS_ONLY, DIFFERS = "matched", "bank_only", "ours_only", "differs"
POST, REVERSE, SUSPENSE, CORRECT, CLAIM = "post", "reverse", "suspense", "correct", "claim"
WAYS = {BANK_ONLY: (POST, SUSPENSE), OURS_ONLY: (REVERSE, CLAIM), DIFFERS: (CORRECT, CLAIM)}
"""How each kind of difference can be settled, the usual way first."""


@dataclass(frozen=True, slots=True)
class Move:
    """A line of a proposed entry: ledger accounts by code, and fen."""

    debit: int
    credit: int
    fen: int


def moves_of(way: str, bank_fen: int | None, ours_fen: int | None) -> list[Move]:
    """What settling a difference in a way books. What a customer pays too much becomes an advance as at the counter."""
    theirs, ours = bank_fen or 0, ours_fen or 0
    found = []
    if way in {REVERSE, CORRECT}:
        found.append(Move(chart.RECEIVABLE, chart.CLEARING, ours))
    if way in {POST, CORRECT}:
        found.append(Move(chart.CLEARING, chart.RECEIVABLE, theirs))
    if way == SUSPENSE:
        found.append(Move(chart.CLEARING, chart.UNIDENTIFIED, theirs))
    return found


@dataclass(frozen=True, slots=True)
class Sorted:
    """One payment and its class; a side that does not know it has no amount."""

    serial: str
    kind: str
    account_no: str
    bank_fen: int | None
    ours_fen: int | None


def sort_out(theirs: Iterable[StatementRow], ours: Mapping[str, tuple[str, int]]) -> list[Sorted]:
    """Sort the rows of a bank's file and our payments (account and fen by serial). Reversals in the file net first."""
    net: dict[str, tuple[str, int]] = {}
    for row in theirs:
        account_no, fen = net.get(row.serial, (row.account_no, 0))
        net[row.serial] = (min(account_no, row.account_no), fen + row.amount_fen)
    net = {serial: one for serial, one in net.items() if one[1]}
    return [_class(serial, net.get(serial), ours.get(serial)) for serial in sorted({*net, *ours})]


def _class(serial: str, bank: tuple[str, int] | None, mine: tuple[str, int] | None) -> Sorted:
    if bank is None and mine is not None:
        return Sorted(serial, OURS_ONLY, mine[0], None, mine[1])
    if bank is not None and mine is None:
        return Sorted(serial, BANK_ONLY, bank[0], bank[1], None)
    if bank is None or mine is None:
        raise ValueError("a payment that nobody knows")
    return Sorted(serial, MATCHED if bank == mine else DIFFERS, mine[0], bank[1], mine[1])
