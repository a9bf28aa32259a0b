"""The seal of a state: rows of every table, and a hash over the tables that never change a row (ledger, audit log).

Two databases with the same seal hold the same postings. A row's hash does not depend on its place, and the sum of all
hashes (modulo 2^128) stands for the table, so that one pass in any order is enough.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from mainstay.core.events.providers import answers

LOCK_MS, TRIES, REST_S = 400, 40, 0.25  # less than PostgreSQL's deadlock_timeout: this side always gives way
ROUND = 1 << 128
CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Seal:
    """What a state holds. `hashes` by table; `lsn` the place in PostgreSQL's journal, "" on SQLite."""

    at: str
    counts: dict[str, int]
    hashes: dict[str, str] = field(default_factory=dict)
    chains: dict[str, str] = field(default_factory=dict)  # the audit log's own seals: last row → chain
    lsn: str = ""
    wal: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


class Busy(Exception):
    """Writers never left a moment free: the seal could not be taken."""


def sealed_tables() -> list[str]:
    """Names of the tables whose rows never change, as their apps tell."""
    return sorted({table for found in answers("sealed_tables") for table in found})


def of_sqlite(connection: sqlite3.Connection, sealed: Sequence[str]) -> Seal:
    """The seal of what a connection sees; within a read transaction that is one state."""
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    tables = sorted(str(row[0]) for row in rows)
    counts = {table: int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]) for table in tables}  # noqa: S608  # names of our own tables
    hashes = {table: _hash(connection.execute(f'SELECT * FROM "{table}"')) for table in sealed if table in counts}  # noqa: S608  # names of our own tables
    chains = connection.execute(CHAINS) if "audit_seal" in counts else ()
    return Seal(_now(), counts, hashes, {str(last): str(chain) for last, chain in chains})


CHAINS = "SELECT last_id, chain FROM audit_seal ORDER BY last_id"


def _hash(rows: sqlite3.Cursor) -> str:
    total = 0
    while some := rows.fetchmany(CHUNK):
        for row in some:
            total += int.from_bytes(hashlib.sha256(repr(row).encode()).digest()[:16], "big")
    return f"{total % ROUND:032x}"


def live_postgresql(dsn: str, sealed: Sequence[str]) -> Seal:
    """The seal of a running PostgreSQL at one place of its journal, exact although people go on working.

    Writers are kept out for the few milliseconds in which the state is fixed (they finish, the next ones wait); the
    counting reads that fixed state afterwards. Raises Busy.
    """
    import psycopg

    with psycopg.connect(dsn) as gate, psycopg.connect(dsn) as reader:
        tables = _tables(reader)
        reader.rollback()
        _one_state(reader)
        _keep_out(gate, tables)
        row = gate.execute(FIX).fetchone()
        reader.execute(f"SET TRANSACTION SNAPSHOT '{row[0]}'")  # type: ignore[index]
        gate.commit()  # leaves a record in the journal after the place, at which a recovery can stop
        return _read(reader, tables, sealed, lsn=str(row[1]), wal=str(row[2]))  # type: ignore[index]


def _one_state(connection: Any) -> None:
    import psycopg

    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True


FIX = """SELECT pg_export_snapshot(), lsn, pg_walfile_name(lsn), pg_current_xact_id()
FROM (SELECT pg_current_wal_insert_lsn() AS lsn) AS place"""


def _keep_out(gate: Any, tables: Sequence[str]) -> None:
    import psycopg

    names = ", ".join(f'"{table}"' for table in tables)
    for _turn in range(TRIES):
        try:
            gate.execute(f"SET LOCAL lock_timeout = {LOCK_MS}")
            gate.execute(f"LOCK TABLE {names} IN SHARE MODE")
            return
        except psycopg.errors.LockNotAvailable:
            gate.rollback()
            time.sleep(REST_S)
    raise Busy


def of_postgresql(connection: Any, sealed: Sequence[str]) -> Seal:
    """The seal of a PostgreSQL nobody else uses."""
    _one_state(connection)
    return _read(connection, _tables(connection), sealed)


def _tables(connection: Any) -> list[str]:
    rows = connection.execute(
        "SELECT relname FROM pg_class JOIN pg_namespace s ON s.oid = relnamespace"
        " WHERE s.nspname = 'public' AND relkind = 'r' ORDER BY relname"
    )
    return [str(row[0]) for row in rows]


def _read(connection: Any, tables: list[str], sealed: Iterable[str], lsn: str = "", wal: str = "") -> Seal:
    for setting in ("timezone = 'UTC'", "datestyle = 'ISO, YMD'", "extra_float_digits = 1", "bytea_output = 'hex'"):
        connection.execute(f"SET LOCAL {setting}")
    parts = [f"SELECT '{table}', count(*) FROM \"{table}\"" for table in tables]  # noqa: S608  # names of our own tables
    counts = {str(name): int(count) for name, count in connection.execute(" UNION ALL ".join(parts))}
    hashes = {table: _hash_postgresql(connection, table) for table in sealed if table in counts}
    chains = connection.execute(CHAINS) if "audit_seal" in counts else ()
    return Seal(_now(), counts, hashes, {str(last): str(chain) for last, chain in chains}, lsn, wal)


def _hash_postgresql(connection: Any, table: str) -> str:
    """Two sums over the halves of each row's MD5: enough to find damage, one pass, and all of it in the server."""
    halves = ", ".join(
        f"coalesce(sum(('x' || substr(mark, {start}, 16))::bit(64)::bigint::numeric), 0)" for start in (1, 17)
    )
    found = connection.execute(f'SELECT {halves} FROM (SELECT md5(t::text) AS mark FROM "{table}" AS t) AS marks')  # noqa: S608  # names of our own tables
    row = found.fetchone()
    return hashlib.sha256(f"{row[0]}:{row[1]}".encode()).hexdigest()[:32]


def differences(live: Seal, restored: Seal) -> list[tuple[str, str]]:
    """What a restored state lacks or has otherwise than the live one it is a copy of: (what, table), sorted."""
    names = sorted(set(live.counts) | set(restored.counts))
    found = [("rows", name) for name in names if live.counts.get(name) != restored.counts.get(name)]
    names = sorted(set(live.hashes) | set(restored.hashes))
    found += [("ledger", name) for name in names if live.hashes.get(name) != restored.hashes.get(name)]
    if any(live.chains.get(last) != chain for last, chain in restored.chains.items()):
        found.append(("seals", "audit_seal"))
    return found


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat()
