"""What stands in the way of closing an account: other parts answer, each for what it keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mainstay.core.events.providers import answers
from mainstay.gas.customers.models import Account


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something of an account that is not at its end: `text` says what and what to do, `url` leads there.

    `may_stay`: the account may close although it stays, when the clerk names `key`; the others must be done first.
    """

    key: str
    text: Any
    may_stay: bool = False
    url: str = ""


def obstacles_of(account: Account) -> list[Obstacle]:
    """All obstacles, those that must be done first before those that may stay."""
    found = [one for several in answers("obstacles_to_close", account=account) for one in several]
    return sorted(found, key=lambda one: one.may_stay)
