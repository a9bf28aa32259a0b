"""How far behind the off-site hosts are that receive the journal, measured on the running database."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from mainstay.continuity.site.rules import Site

POSITION = "SELECT pg_current_wal_flush_lsn()::text"
SLOT = """SELECT active, wal_status, restart_lsn >= %s::pg_lsn,
    coalesce(pg_wal_lsn_diff(pg_current_wal_flush_lsn(), restart_lsn), 0)::bigint
FROM pg_replication_slots WHERE slot_name = %s"""
MOST_S, STEP_S = 5.0, 0.05


@dataclass(frozen=True, slots=True)
class Received:
    """What a slot tells: whether it is there and somebody receives, how many bytes the servers keep for him, whether
    some were given up already, and how many seconds it took him to have all there was (None: longer)."""

    there: bool
    active: bool = False
    given_up: bool = False
    waiting: int = 0
    seconds: float | None = None


def of_hosts(site: Site) -> dict[str, Received]:
    """Every host that receives the journal, asked of the running PostgreSQL."""
    with connection.cursor() as cursor:
        return {one.host: received(cursor, one.slot) for one in site.journals()}


def received(cursor: Any, slot: str, most_s: float = MOST_S) -> Received:
    """Note where the database is, and wait until the receiver of a slot has it on its disk; at most so many seconds."""
    cursor.execute(POSITION)
    position, begun = cursor.fetchone()[0], time.monotonic()
    while True:
        cursor.execute(SLOT, [position, slot])
        row = cursor.fetchone()
        if row is None:
            return Received(there=False)
        active, status, has_it, waiting = row
        took = time.monotonic() - begun
        if has_it or took > most_s or not active or status == "lost":
            seconds = took if has_it and active else None
            return Received(True, bool(active), status == "lost", int(waiting), seconds)
        time.sleep(STEP_S)
