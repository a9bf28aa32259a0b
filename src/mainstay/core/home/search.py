"""The registry behind the one search box: each part finds its own things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mainstay.core.door import rights

SHORTEST = 2
PER_GROUP = 8


@dataclass(frozen=True)
class Hit:
    """One thing found: what it is called, one line about it, where it is."""

    title: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class SearchKind:
    """A kind of thing that can be found. `find(user, text)` returns the best few hits, only what the user may see."""

    key: str
    title: Any
    right: str | None
    find: Callable[[Any, str], list[Hit]]
    order: int = 100


@dataclass(frozen=True)
class Group:
    """The hits of one kind."""

    title: Any
    hits: list[Hit]


_kinds: dict[str, SearchKind] = {}


def register(kind: SearchKind) -> SearchKind:
    """Add a kind; registering the same key again replaces it."""
    _kinds[kind.key] = kind
    return kind


def search(user: Any, text: str) -> list[Group]:
    """Ask every kind the user has the right to; kinds without a hit are left out."""
    wanted = text.strip()
    if len(wanted) < SHORTEST:
        return []
    groups = []
    for kind in sorted(_kinds.values(), key=lambda one: (one.order, one.key)):
        if kind.right is None or rights.allowed(user, kind.right):
            hits = kind.find(user, wanted)[:PER_GROUP]
            if hits:
                groups.append(Group(kind.title, hits))
    return groups
