"""What a card says about an order: written, not written, or another card. Pure.

Every write raises the card's count of purchases (购气次数) by one and leaves the order's number on it. The count
guards against charging or writing twice: an order knows the count before it, and a card can only be in one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

Found = Literal["not_written", "written", "other_card", "differs"]
CARD_NO_MOST = 20


@dataclass(frozen=True, slots=True)
class CardState:
    """A card as the reader sees it: its number, how many purchases it has had, the order written last."""

    card_no: str
    purchases: int
    last_order: str = ""


def what_happened(number: str, card_no: str, purchases_before: int, card: CardState) -> Found:
    """What a re-read card tells of an order.

    "written": it carries the order; "not_written": it stands where it stood before; "other_card": not the order's;
    "differs": the count is neither, so somebody else wrote to it: a supervisor decides.
    """
    if card.card_no != card_no:
        return "other_card"
    if card.purchases == purchases_before + 1 and card.last_order == number:
        return "written"
    return "not_written" if card.purchases == purchases_before and card.last_order != number else "differs"


class Bought(NamedTuple):
    """A purchase: its tariff year, what it came to (fen), and its lines (tier, litres, price in 1/10000 yuan, fen)."""

    year_start_on: date
    amount_fen: int
    vat_fen: int
    lines: Sequence[Sequence[int]]


class Value(NamedTuple):
    """Gas given back: litres, those of them bought in the latest tariff year, fen with VAT, VAT, lines."""

    volume_l: int
    of_year_l: int
    amount_fen: int
    vat_fen: int
    lines: list[list[int]]


def value_of(left_l: int, bought: Iterable[Bought], year_start_on: date) -> Value:
    """What was paid for the gas that is left: of the newest purchase first, and of that the dearest tier first.

    `bought` comes newest first. A part of a line is worth its share, rounded half up; charges without gas are kept.
    """
    volume = of_year = amount = vat = 0
    lines: list[list[int]] = []
    for one in bought:
        given = 0
        for tier, litres, price_e4, fen in reversed(one.lines):
            taken = min(max(0, left_l - volume), litres or 0)
            if taken:
                part = _share(fen, taken, litres)
                lines.append([tier, taken, price_e4, part])
                volume, given = volume + taken, given + part
                of_year += taken if one.year_start_on == year_start_on else 0
        amount += given
        vat += _share(one.vat_fen, given, one.amount_fen) if given else 0
    return Value(volume, of_year, amount, vat, lines)


def _share(whole: int, part: int, of: int) -> int:
    return (2 * whole * part + of) // (2 * of)
