"""Several statements in one round trip to the database: for hot paths where the way there costs as much as the work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

Statement = tuple[str, Sequence[Any]]


def round_trip(statements: Sequence[Statement], using: str = DEFAULT_DB_ALIAS) -> list[list[tuple[Any, ...]]]:
    """Run statements in order and return the rows of each ([] where a statement gives none).

    PostgreSQL gets them in one pipeline, prepared on the server, so that neither waiting nor planning is paid for each
    one; every statement still sees what those before it did, and what others committed before it began. A failure
    raises Django's database error and leaves the transaction to be rolled back, as usual. SQLite has no way to travel
    and runs one after the other; instants are stored there as a DateTimeField stores them.
    """
    connection = connections[using]
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        return _pipelined(connection, statements)
    found = []
    with connection.cursor() as cursor:
        for sql, parameters in statements:
            cursor.execute(sql, [_without_zone(value) for value in parameters])
            found.append(cursor.fetchall() if cursor.description else [])
    return found


def _pipelined(connection: Any, statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
    raw = connection.connection
    cursors = _cursors(raw, len(statements))
    with connection.wrap_database_errors:
        with raw.pipeline():
            for cursor, (sql, parameters) in zip(cursors, statements, strict=False):
                cursor.execute(sql, parameters, prepare=True)
        return [cursor.fetchall() if cursor.description else [] for cursor in cursors[: len(statements)]]


def _cursors(raw: Any, wanted: int) -> list[Any]:
    """Cursors of this connection that bind on the server, kept for the next trip."""
    import psycopg  # only where PostgreSQL is in use
    from psycopg.types.numeric import Int8BinaryDumper

    kept: list[Any] = raw.__dict__.setdefault("mainstay_cursors", [])
    if not kept:
        # Django's own cursors bind on the client and are not touched by these two.
        raw.prepare_threshold, raw.prepared_max = 1, 500
    while len(kept) < wanted:
        cursor = psycopg.Cursor(raw)
        # One type for all whole numbers: by default it follows the value, and each mixture would be planned anew.
        cursor.adapters.register_dumper(int, Int8BinaryDumper)
        kept.append(cursor)
    return kept


def _without_zone(value: Any) -> Any:
    if isinstance(value, dt.datetime) and value.tzinfo:
        return value.astimezone(dt.UTC).replace(tzinfo=None)
    return value
