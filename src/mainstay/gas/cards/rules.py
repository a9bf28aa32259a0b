"""What a card says about an order: written, not written, or another card. Pure.

Every write raises the card's count of purchases (购气次数) by one and leaves the order's number on it. The count
guards against charging or writing twice: an order knows the count before it, and a card can only be in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
