"""What one set of grants gives, worked out once for all who have the same.

Every request reads the grants from the database anew (`access.queries_rights`); only what is made of them is kept,
under the very texts that were read. So nothing kept can be out of date, in no process: other grants are other texts.
And nothing of one user can reach another, unless both have the same grants.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

from mainstay.core.access.models import RoleRight
from mainstay.core.access.queries_rights import FIELD, LINE, Given

SETS_KEPT = 200  # so many different sets of grants are in use at once; a set of a hundred rights takes 40 kB
Made = TypeVar("Made")
Rights = Mapping[str, tuple["Right", ...]]
Group = tuple[tuple[int, ...] | None, int | None, tuple[str, ...]]  # units (None: all), limit in fen, rights


@dataclass(frozen=True, slots=True)
class Right:
    """One way in which a user has a right: how far it reaches from which unit, and up to which amount (fen)."""

    scope: str
    unit_id: int
    unit_path: str
    limit_fen: int | None


class Held:
    """The rights of a set of grants by name, and what follows from them alone. Shared, hence never changed."""

    def __init__(self, rights: Mapping[str, Iterable[Right]], below: Mapping[str, tuple[int, ...]]) -> None:
        self.rights: Rights = MappingProxyType({name: tuple(held) for name, held in rights.items()})
        self._below = below
        self._made: dict[Hashable, Any] = {}
        self._units: dict[tuple[Right, ...], tuple[int, ...] | None] = {}

    def made(self, key: Hashable, make: Callable[[Held], Made]) -> Made:
        """Return what `make` gives for these rights, made once a key. It must follow from these two alone."""
        if key not in self._made:
            self._made[key] = make(self)
        return self._made[key]  # type: ignore[no-any-return]

    def units(self, right: str) -> tuple[int, ...] | None:
        """Return the ids of the units a right reaches in order, None for the whole company, () for nowhere."""
        held = self.rights.get(right, ())
        if held not in self._units:
            self._units[held] = self._reached(held)
        return self._units[held]

    def _reached(self, held: tuple[Right, ...]) -> tuple[int, ...] | None:
        if any(one.scope == RoleRight.Scope.ALL for one in held):
            return None
        found = {one.unit_id for one in held}
        for one in held:
            if one.scope == RoleRight.Scope.SUBTREE:
                found.update(self._below.get(one.unit_path, ()))
        return tuple(sorted(found))

    def groups(self) -> tuple[Group, ...]:
        """Return the rights grouped by how far they reach and up to which amount: few groups."""
        return self.made("groups", Held._grouped)

    def _grouped(self) -> tuple[Group, ...]:
        groups: dict[tuple[tuple[int, ...] | None, int | None], list[str]] = defaultdict(list)
        for name, held in self.rights.items():
            limits = [one.limit_fen for one in held]
            highest = None if None in limits else max(limit for limit in limits if limit is not None)
            groups[self.units(name), highest].append(name)
        return tuple((units, limit, tuple(names)) for (units, limit), names in groups.items())


NOTHING = Held({}, {})


@lru_cache(maxsize=SETS_KEPT)
def held(given: tuple[Given, ...]) -> Held:
    """Return what grants give, from the texts the database told."""
    rights: dict[str, list[Right]] = defaultdict(list)
    below: dict[str, tuple[int, ...]] = {}
    for unit_id, path, told, units in given:
        below[path] = tuple(int(one) for one in units.split(","))
        for line in told.split(LINE):
            scope, limit, name = line.split(FIELD, 2)
            rights[name].append(Right(scope, unit_id, path, int(limit) if limit else None))
    return Held(rights, below)


def everything(names: Iterable[str]) -> Held:
    """Return every one of the rights, everywhere and without limit: the system's own."""
    return Held({name: [Right(RoleRight.Scope.ALL, 0, "", None)] for name in names}, {})
