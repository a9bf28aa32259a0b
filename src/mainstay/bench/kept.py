"""Databases of measurements that stay: building a million accounts takes minutes, opening their pages seconds."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

BUILT = 1  # what SQLite's user_version holds, and PostgreSQL's comment on the database says, once all is there


@dataclass(frozen=True, slots=True)
class Kept:
    """A database of a measurement: `built` when its data is complete, `place` is its file or its name."""

    vendor: str
    place: str
    built: bool


def kept_database(name: str) -> Kept:
    """Point DATABASE_URL at the database of this name, which stays; one that was not completed is begun anew.

    It lies beside the given one, as a file in the data folder when there is no server. Call `complete` once its data
    is there.
    """
    given = os.environ.get("DATABASE_URL", "")
    return _on_server(given, f"mainstay_bench_{name}") if given.startswith("postgres") else _in_file(f"bench-{name}")


def complete() -> None:
    """Mark the connected database as complete."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA user_version = {BUILT}")
        else:
            name = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
            cursor.execute(f"COMMENT ON DATABASE {name} IS 'built'")


def _in_file(name: str) -> Kept:
    from mainstay.config.env import data_dir

    file = data_dir() / f"{name}.sqlite3"
    built = False
    if file.exists():
        with closing(sqlite3.connect(file)) as base:
            built = base.execute("PRAGMA user_version").fetchone()[0] == BUILT
        if not built:
            for rest in ("", "-wal", "-shm"):
                Path(f"{file}{rest}").unlink(missing_ok=True)
    os.environ["DATABASE_URL"] = f"sqlite:///{file}"
    return Kept("sqlite", str(file), built)


def _on_server(given: str, name: str) -> Kept:
    import psycopg
    from psycopg import sql

    parts = urlsplit(given)
    with psycopg.connect(urlunsplit(parts._replace(scheme="postgresql", path="/postgres")), autocommit=True) as server:
        row = server.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        built = row is not None and row[0] == "built"
        if not built:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
    return Kept("postgresql", name, built)
