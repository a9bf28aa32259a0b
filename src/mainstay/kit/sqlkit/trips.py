"""Several statements in one round trip to the database: for hot paths where the way there costs as much as the work."""

from __future__ import annotations

import datetime as dt
import select
from collections.abc import Callable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

Statement = tuple[str, Sequence[Any]]
_KEPT = 500  # prepared statements of a connection; their texts are few unless row counts vary widely


def round_trip(statements: Sequence[Statement], using: str = DEFAULT_DB_ALIAS) -> list[list[tuple[Any, ...]]]:
    """Run statements (%s for parameters) in order and return the rows of each ([] where a statement gives none).

    PostgreSQL gets them in one pipeline, prepared on the server, so that neither waiting nor planning is paid for each
    one; every statement still sees what those before it did, and what others committed before it began. Parameters
    travel as untyped text: cast where the place does not tell the type. A failure raises Django's database error and
    leaves the transaction to be rolled back, as usual. SQLite has no way to travel and runs one after the other.
    Values: whole numbers, text, dates, aware instants, lists of numbers, None. On SQLite dates come back as text.
    """
    connection = connections[using]
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with connection.wrap_database_errors:
            return _pipelined(connection.connection, statements)
    found = []
    with connection.cursor() as cursor:
        for sql, parameters in statements:
            cursor.execute(sql, [_without_zone(value) for value in parameters])
            found.append(cursor.fetchall() if cursor.description else [])
    return found


def _without_zone(value: Any) -> Any:
    if isinstance(value, dt.datetime) and value.tzinfo:
        return value.astimezone(dt.UTC).replace(tzinfo=None)
    return value


def _pipelined(raw: Any, statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
    """Speak libpq's pipeline directly: psycopg's cursors cost several times what these statements cost the server."""
    from psycopg.errors import error_from_result
    from psycopg.pq import ExecStatus, TransactionStatus

    server = raw.pgconn
    names = [_prepared(raw, sql) for sql, _parameters in statements]
    begin = not raw.autocommit and server.transaction_status == TransactionStatus.IDLE
    server.enter_pipeline_mode()
    try:
        if begin:
            server.send_query_params(b"BEGIN", None)
        for name, (_sql, parameters) in zip(names, statements, strict=True):
            server.send_query_prepared(name, [_text(value) for value in parameters])
        server.pipeline_sync()
        results = _results(server, ExecStatus.PIPELINE_SYNC)
    finally:
        server.exit_pipeline_mode()
    for result in results:
        if result.status == ExecStatus.FATAL_ERROR:
            raise error_from_result(result)
    return [_rows(result) for result in results[1 if begin else 0 :]]


def _results(server: Any, end: Any) -> list[Any]:
    """Everything up to the end of the pipeline, waiting outside of Python's lock (others may have to finish first)."""
    results: list[Any] = []
    while True:
        while server.is_busy():
            unsent = [server.socket] if server.flush() else []
            readable, _writable, _failed = select.select([server.socket], unsent, [])
            if readable:
                server.consume_input()
        result = server.get_result()
        if result is None:
            continue
        if result.status == end:
            return results
        results.append(result)


def _prepared(raw: Any, sql: str) -> bytes:
    """Name of the prepared statement of a connection, prepared when it is new."""
    from psycopg.errors import error_from_result
    from psycopg.pq import ExecStatus

    known: dict[str, bytes] = raw.__dict__.setdefault("mainstay_prepared", {})
    name = known.get(sql)
    if name is not None:
        return name
    if len(known) >= _KEPT:
        for old in known.values():
            raw.pgconn.exec_(b"DEALLOCATE " + old)
        known.clear()
    name = b"ms_%d" % len(known)
    parts = sql.split("%s")
    text = "".join(f"{part}${number}" for number, part in enumerate(parts[:-1], 1)) + parts[-1]
    done = raw.pgconn.prepare(name, text.encode())
    if done.status != ExecStatus.COMMAND_OK:
        raise error_from_result(done)
    known[sql] = name
    return name


def _text(value: Any) -> bytes | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, dt.date):  # instants are dates too; both have one ISO form
        return value.isoformat().encode()
    if isinstance(value, list):
        return b"{" + b",".join(b"%d" % one for one in value) + b"}"
    return b"%d" % value


_READERS: dict[int, Callable[[bytes], Any]] = {
    16: lambda value: value == b"t",
    20: int,
    21: int,
    23: int,
    1082: lambda value: dt.date.fromisoformat(value.decode()),
}


def _rows(result: Any) -> list[tuple[Any, ...]]:
    readers = [_READERS.get(result.ftype(column), bytes.decode) for column in range(result.nfields)]
    return [
        tuple(
            None if (value := result.get_value(row, column)) is None else read(value)
            for column, read in enumerate(readers)
        )
        for row in range(result.ntuples)
    ]
