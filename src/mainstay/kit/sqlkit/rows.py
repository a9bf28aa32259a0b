"""Many rows in one go: into a table (COPY, executemany) or into a statement (VALUES, id lists)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.utils import CursorWrapper

from mainstay.kit.sqlkit.small import quoted, vendor

_CHUNK = 5_000


def copy_rows(
    cursor: CursorWrapper,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    types: Sequence[str] | None = None,
    together: int = 1,
) -> int:
    """Write `rows` into `table` as fast as the database can take them; returns how many.

    COPY on PostgreSQL, executemany on SQLite: memory stays small however long `rows` is. Constraints and triggers
    hold as for INSERT. Instants must be aware; they are stored as a DateTimeField stores them.

    PostgreSQL takes values of known `types` ("int8", "date") as they are, in half the time; dates are dates then.
    SQLite takes rows without instants `together` in one statement: half the time for a temporary table, more of it for
    a lasting one, whose pages it then puts aside once a statement.
    """
    names = ", ".join(quoted(column) for column in columns)
    if cursor.db.vendor == "postgresql":
        binary = " (FORMAT BINARY)" if types else ""
        return _copy(cursor, f"COPY {quoted(table)} ({names}) FROM STDIN{binary}", rows, types)
    statement = f"INSERT INTO {quoted(table)} ({names}) VALUES "  # noqa: S608
    if together > 1:
        return _by_groups(cursor, statement, f"({', '.join('?' * len(columns))})", iter(rows), together)
    return _executemany(cursor, f"{statement}({', '.join(['%s'] * len(columns))})", rows)


def _copy(
    cursor: CursorWrapper, statement: str, rows: Iterable[Sequence[Any]], types: Sequence[str] | None = None
) -> int:
    count = 0
    with cursor.db.wrap_database_errors, cursor.copy(statement) as copy:
        if types:
            copy.set_types(types)
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def _by_groups(cursor: CursorWrapper, statement: str, marks: str, rows: Iterator[Sequence[Any]], together: int) -> int:
    """Straight to the driver: on the way through Django each statement's marks would be looked for and replaced."""
    count, whole = 0, statement + ", ".join([marks] * together)
    with cursor.db.wrap_database_errors:
        while group := list(islice(rows, together)):
            text = whole if len(group) == together else statement + ", ".join([marks] * len(group))
            cursor.db.connection.execute(text, list(chain.from_iterable(group)))
            count += len(group)
    return count


def _executemany(cursor: CursorWrapper, statement: str, rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    source = iter(rows)
    # Django's wrapper keeps every row it was handed until the statement is over, so it gets them in pieces.
    while chunk := list(islice(source, _CHUNK)):
        cursor.executemany(statement, _without_zones(chunk))
        count += len(chunk)
    return count


def _without_zones(chunk: list[Sequence[Any]]) -> list[Sequence[Any]]:
    """SQLite keeps instants as UTC text without a zone; only columns that hold instants are touched."""
    instants = [index for index, values in enumerate(zip(*chunk, strict=True)) if _first_is_instant(values)]
    return list(_converted(chunk, instants)) if instants else chunk


def _first_is_instant(values: Iterable[Any]) -> bool:
    return isinstance(next((value for value in values if value is not None), None), dt.datetime)


def _converted(chunk: list[Sequence[Any]], instants: list[int]) -> Iterator[Sequence[Any]]:
    for row in chunk:
        copied = list(row)
        for index in instants:
            if (value := copied[index]) is not None:
                copied[index] = value.astimezone(dt.UTC).replace(tzinfo=None)
        yield copied


def values_table(
    name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], *, types: Sequence[str] | None = None
) -> tuple[str, list[Any]]:
    """A common table expression `name(columns) AS (VALUES …)` and its parameters, for use after WITH.

    `types` names SQL types for the columns: needed on PostgreSQL where a column may be NULL throughout or
    untyped text. At least one row; at most some thousand parameters (SQLite counts them).
    """
    if not rows:
        raise ValueError("A VALUES list needs at least one row.")
    marks = f"({', '.join(['%s'] * len(columns))})"
    first = f"({', '.join(f'CAST(%s AS {kind})' for kind in types)})" if types else marks
    heads = ", ".join(quoted(column) for column in columns)
    sql = f"{quoted(name)}({heads}) AS (VALUES {', '.join([first] + [marks] * (len(rows) - 1))})"
    return sql, list(chain.from_iterable(rows))


def ids_table(name: str, ids: Sequence[int], *, using: str = DEFAULT_DB_ALIAS) -> tuple[str, list[Any]]:
    """A common table expression `name(id)` over whole numbers, for use after WITH.

    One parameter whatever the length, so the statement text stays the same and there is no limit on parameters.
    """
    if vendor(using) == "postgresql":
        return f"{quoted(name)}(id) AS (SELECT unnest(%s::bigint[]))", [list(ids)]
    return f"{quoted(name)}(id) AS (SELECT value FROM json_each(%s))", [json.dumps(list(ids))]  # noqa: S608
