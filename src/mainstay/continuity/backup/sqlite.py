"""SQLite: one whole state copied while people work, and a copy put back."""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from mainstay.continuity.backup.batch_seals import Seal, of_sqlite

TIMEOUT_S = 30.0
PAGES = -1  # all in one step: in smaller steps every write of somebody else would start the copy anew


class InUse(Exception):
    """Somebody has the database open."""


def take(live: Path, target: Path, sealed: Sequence[str]) -> Seal:
    """Copy the state of this moment and return its seal. Writers go on; they wait for some ten milliseconds at most."""
    with contextlib.closing(sqlite3.connect(live, timeout=TIMEOUT_S, isolation_level=None)) as source:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on this connection sees one state
        with contextlib.closing(sqlite3.connect(target)) as copy:
            source.backup(copy, pages=PAGES)
        found = of_sqlite(source, sealed)
        source.execute("ROLLBACK")
    return found


def examine(path: Path, sealed: Sequence[str]) -> tuple[str, Seal]:
    """Read a restored file to its last page; returns what SQLite finds wrong ("" for nothing) and its seal."""
    with contextlib.closing(sqlite3.connect(path, timeout=TIMEOUT_S, isolation_level=None)) as restored:
        said = "; ".join(str(row[0]) for row in restored.execute("PRAGMA integrity_check(20)"))
        broken = restored.execute("PRAGMA foreign_key_check").fetchmany(1)
        wrong = "" if said == "ok" else said
        if broken:
            wrong = f"{wrong}; foreign key: {broken[0][0]}".strip("; ")
        return wrong, of_sqlite(restored, sealed)


def put_back(restored: Path, live: Path, aside: Path) -> None:
    """Put a restored file in the place of the live one, which is kept in `aside`. Raises InUse, then nothing changed.

    A process that has the database open holds a lock on the file as long as the journal is shared; asking for
    exclusive use finds it, also when it only reads.
    """
    if live.exists():
        _alone(live)
        aside.mkdir(parents=True, exist_ok=True)
        for name in (live.name, f"{live.name}-wal", f"{live.name}-shm"):
            if (live.parent / name).exists():
                (live.parent / name).replace(aside / name)
    restored.replace(live)


def _alone(live: Path) -> None:
    with contextlib.closing(sqlite3.connect(live, timeout=1.0, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            raise InUse(str(error)) from error


def stamp(at: dt.datetime) -> str:
    """A moment as part of a file's name."""
    return f"{at:%Y%m%d-%H%M%S}"
