"""Several statements in one round trip to the database: for hot paths where the way there costs as much as the work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections

Statement = tuple[str, Sequence[Any]]


def round_trip(
    statements: Sequence[Statement], using: str = DEFAULT_DB_ALIAS, *, commit: bool = False
) -> list[list[tuple[Any, ...]]]:
    """Run statements (%s for parameters) in order and return the rows of each ([] where a statement gives none).

    PostgreSQL gets them in one pipeline, prepared on the server, so that neither waiting nor planning is paid for each
    one; every statement still sees what those before it did, and what others committed before it began. Parameters
    travel as untyped text: cast where the place does not tell the type. A failure raises Django's database error and
    leaves the transaction to be rolled back, as usual. SQLite has no way to travel and runs one after the other.
    Values: whole numbers, text, dates, aware instants, None, and on PostgreSQL lists of these. On SQLite dates come
    back as text.

    `commit` says that nothing comes after these in the innermost atomic block: where that block is the whole
    transaction, its COMMIT travels with them, and the block's end finds nothing left to do. Elsewhere it has no effect.
    """
    connection = connections[using]
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        from mainstay.kit.sqlkit.pipeline import send  # an installation on SQLite does not load PostgreSQL's library

        with connection.wrap_database_errors:
            return send(connection.connection, statements, commit=commit and _is_whole(connection))
    found = []
    with connection.cursor() as cursor:
        for sql, parameters in statements:
            cursor.execute(sql, [_without_zone(value) for value in parameters])
            found.append(cursor.fetchall() if cursor.description else [])
    return found


def first_trip(statements: Sequence[Statement], using: str = DEFAULT_DB_ALIAS) -> list[list[tuple[Any, ...]]]:
    """Read something at the beginning of a request, on a connection that was kept since the last one.

    The server may have gone meanwhile. Django finds that out with a question of its own before the first statement;
    here the statements themselves tell, and are sent again on a new connection. So they may only read.
    """
    connection: Any = connections[using]
    kept = connection.connection is not None and connection.health_check_enabled and not connection.health_check_done
    if not kept or connection.in_atomic_block:
        return round_trip(statements, using)
    try:
        found = round_trip(statements, using)
    except (DatabaseError, InterfaceError):
        if connection.is_usable():
            raise
        connection.close()
        return round_trip(statements, using)
    connection.health_check_done = True
    return found


def _is_whole(connection: Any) -> bool:
    """Tell whether the innermost atomic block is the outermost one too, and commits when it ends."""
    return len(connection.atomic_blocks) == 1 and connection.commit_on_exit and not connection.needs_rollback


def _without_zone(value: Any) -> Any:
    if isinstance(value, dt.datetime) and value.tzinfo:
        return value.astimezone(dt.UTC).replace(tzinfo=None)
    return value
