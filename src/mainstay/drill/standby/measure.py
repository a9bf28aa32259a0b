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


def booked(world: World, host: str) -> dict[str, int]:
    """How often each key of the client is in the database of a host."""
    rows = world.from_host(host, lambda: _rows(world))
    return {str(key): int(count) for key, count in rows}


def _rows(world: World) -> list[tuple[Any, ...]]:
    import psycopg

    with psycopg.connect(
        host="127.0.0.1",
        port=world.site.database.port,
        user="postgres",
        password=world.secrets["superuser"],
        dbname=world.site.database.name,
    ) as connection:
        cursor = connection.execute(
            "SELECT serial, count(*) FROM payments_payment WHERE serial LIKE 'drill-%' GROUP BY serial"
        )
        return cursor.fetchall()
