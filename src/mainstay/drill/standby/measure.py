"""Seconds without a payment, payments that were acknowledged and are gone, payments that are there twice."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from mainstay.drill.standby.world import World


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A payment that the client was told is booked."""

    at: float
    key: str


def acknowledged(log: Path) -> list[Acknowledged]:
    """Everything the client wrote down; a line that is being written is left out."""
    found = []
    for line in log.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            at, _blank, key = line.strip().partition(" ")
            found.append(Acknowledged(float(at), key))
    return sorted(found, key=lambda one: one.at)


def longest_gap(found: list[Acknowledged], begin: float, end: float) -> float:
    """Longest time without an acknowledgement that touches the time from `begin` to `end`."""
    moments = [one.at for one in found]
    before = max((at for at in moments if at <= begin), default=begin)
    inside = [before, *(at for at in moments if begin < at <= end), end]
    return max(later - earlier for earlier, later in pairwise(inside))


PAYMENTS = "SELECT serial, count(*) FROM payments_payment WHERE serial LIKE 'drill-%' GROUP BY serial"
WRITES = "SELECT key, count(*) FROM drill_pinned GROUP BY key"


def booked(world: World, host: str, asked: str = PAYMENTS) -> dict[str, int]:
    """How often each key of the client (or of the pinned writer: `WRITES`) is in the database of a host."""
    return {str(key): int(count) for key, count in rows(world, host, asked)}


def rows(world: World, host: str, asked: str) -> list[tuple[Any, ...]]:
    """What the database of a host answers."""
    return world.from_host(host, lambda: _rows(world, asked))


def lost(paid: list[Acknowledged], there: dict[str, int]) -> int:
    """How many of the acknowledged ones are not there."""
    return sum(one.key not in there for one in paid)


def _rows(world: World, asked: str) -> list[tuple[Any, ...]]:
    import psycopg

    with psycopg.connect(
        host="127.0.0.1",
        port=world.site.database.port,
        user="postgres",
        password=world.secrets["superuser"],
        dbname=world.site.database.name,
    ) as connection:
        try:
            return connection.execute(asked).fetchall()
        except psycopg.errors.UndefinedTable:
            return []  # its making was never shipped either: all that was written into it is gone
