"""The registry of the workbench's cards: one number that matters, and the list behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mainstay.core.door import rights


@dataclass(frozen=True)
class Card:
    """A number on the workbench. `number(user)` must cost one cheap query; `right` None means everybody.

    A card whose number is 0 is shown quietly, without its hue.
    """

    key: str
    title: Any
    right: str | None
    number: Callable[[Any], int | str]
    url_name: str
    hue: str = "blue"
    order: int = 100


_cards: dict[str, Card] = {}


def register(card: Card) -> Card:
    """Add a card; registering the same key again replaces it."""
    _cards[card.key] = card
    return card


def cards_for(user: Any) -> list[Card]:
    """Return the cards a user has the right to, in order."""
    mine = [card for card in _cards.values() if card.right is None or rights.allowed(user, card.right)]
    return sorted(mine, key=lambda card: (card.order, card.key))
