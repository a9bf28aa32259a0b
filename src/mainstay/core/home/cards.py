"""The registry of the workbench's cards: one number that matters, and the list behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from mainstay.core.door import rights
from mainstay.core.home.counting import Count, figures


@dataclass(frozen=True)
class Figure:
    """A number that brings its own hue and note, where they depend on it."""

    number: Any
    hue: str = ""
    note: Any = ""

    @property
    def waits(self) -> bool:
        """Whether there is something to look at: anything but a plain nought."""
        return bool(self.hue) or str(self.number) != "0"


@dataclass(frozen=True)
class Card:
    """What one person has to do today, as a number that leads to the list behind it.

    `number(user)` must cost a cheap query or two; a `Count` costs none of its own. None leaves the card out, 0 makes it
    a link in the line of what is clear. `right` None means everybody. `query` filters the list ("?state=open"); `note`
    says in a few words what to do.
    """

    key: str
    title: Any
    right: str | None
    number: Callable[[Any], Any]
    url_name: str
    hue: str = "blue"
    order: int = 100
    query: str | Callable[[Any], str] = ""
    note: Any = ""

    def address(self, user: Any) -> str:
        """Where the list behind the number is."""
        query = self.query(user) if callable(self.query) else self.query
        return f"{reverse(self.url_name)}{query}"

    def figure(self, found: Any) -> Figure | None:
        """What is shown of a number; None leaves the card out."""
        if found is None or isinstance(found, Figure):
            return found
        return Figure(found, self.hue, self.note) if found else Figure(found)


_cards: dict[str, Card] = {}


def register(card: Card) -> Card:
    """Add a card; registering the same key again replaces it."""
    _cards[card.key] = card
    return card


def cards_for(user: Any) -> list[Card]:
    """Return the cards a user has the right to, in order."""
    mine = [card for card in _cards.values() if card.right is None or rights.allowed(user, card.right)]
    return sorted(mine, key=lambda card: (card.order, card.key))


def figures_for(user: Any) -> list[tuple[Card, Figure]]:
    """Return the cards that show something to a user, with what they show; all that are counts in one query."""
    mine = cards_for(user)
    counts = [card.number for card in mine if isinstance(card.number, Count)]
    counted = dict(zip(counts, figures(user, counts), strict=True))
    found = ((card, counted[card.number] if card.number in counted else card.number(user)) for card in mine)
    shown = ((card, card.figure(number)) for card, number in found)
    return [(card, figure) for card, figure in shown if figure is not None]
