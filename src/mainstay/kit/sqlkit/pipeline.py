"""PostgreSQL's pipeline, spoken with libpq directly: psycopg's cursors cost several times what the statements cost.

Statements are prepared on the server once for each connection, and their values travel as text.
"""

from __future__ import annotations

import datetime as dt
import select
from collections.abc import Callable, Sequence
from typing import Any

from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus

from mainstay.kit.postgresql.doubt import raise_if_in_doubt

Statement = tuple[str, Sequence[Any]]
Row = tuple[Any, ...]
_KEPT = 500  # prepared statements of a connection; their texts are few unless row counts vary widely
_BEGIN, _COMMIT = "BEGIN", "COMMIT"
_OK, _END, _FAILED, _IDLE = (
    int(ExecStatus.COMMAND_OK), int(ExecStatus.PIPELINE_SYNC), int(ExecStatus.FATAL_ERROR),
    int(TransactionStatus.IDLE),
)  # fmt: skip  # plain numbers: this code runs several times a millisecond


class Prepared:
    """A statement that a connection has prepared; `readers` turn its columns into values, known after its first run."""

    __slots__ = ("name", "readers")

    def __init__(self, name: bytes) -> None:
        self.name = name
        self.readers: list[Callable[[bytes], Any]] = []


class _Line:
    """What is kept with a connection: its prepared statements by text, and how to wait for it."""

    __slots__ = ("known", "made", "reading", "writing")

    def __init__(self, socket: int) -> None:
        self.known: dict[str, Prepared] = {}
        self.made = 0
        self.reading, self.writing = select.poll(), select.poll()
        self.reading.register(socket, select.POLLIN)
        self.writing.register(socket, select.POLLIN | select.POLLOUT)


def send(raw: Any, statements: Sequence[Statement], *, commit: bool = False) -> list[list[Row]]:
    """Run statements on a psycopg connection and return the rows of each; begins a transaction where one is due.

    Raises psycopg's error of the first statement that failed; the server has skipped those after it.
    """
    server = raw.pgconn
    line: _Line = raw.__dict__.get("mainstay_line") or raw.__dict__.setdefault("mainstay_line", _Line(server.socket))
    begin = not raw.autocommit and server.transaction_status == _IDLE
    texts = [_BEGIN] * begin + [sql for sql, _values in statements] + [_COMMIT] * commit
    if len(line.known) + len(texts) > _KEPT:
        _forget(server, line)
    sent = [line.known.get(text) or _prepare(server, line, text) for text in texts]
    values = [()] * begin + [[_WRITERS[type(one)](one) for one in given] for _sql, given in statements] + [()] * commit
    server.enter_pipeline_mode()
    try:
        for prepared, given in zip(sent, values, strict=True):
            server.send_query_prepared(prepared.name, given)
        server.pipeline_sync()
        results = _results(server, line)
    finally:
        server.exit_pipeline_mode()
    if commit:
        raise_if_in_doubt(raw)
    rows = [_rows(result, prepared) for result, prepared in zip(results, sent, strict=True)]
    return rows[begin : begin + len(statements)]


def _results(server: Any, line: _Line) -> list[Any]:
    """Everything up to the end of the pipeline, waiting outside of Python's lock (others may have to finish first)."""
    results: list[Any] = []
    failed = None
    while True:
        while server.is_busy():
            ready = (line.writing if server.flush() else line.reading).poll()
            if ready[0][1] != select.POLLOUT:
                server.consume_input()
        result = server.get_result()
        if result is None:
            continue
        status = result.status
        if status == _END:
            break
        if status == _FAILED and failed is None:
            failed = result
        results.append(result)
    if failed is not None:
        raise error_from_result(failed)
    return results


def _prepare(server: Any, line: _Line, text: str) -> Prepared:
    parts = text.split("%s")
    numbered = "".join(f"{part}${number}" for number, part in enumerate(parts[:-1], 1)) + parts[-1]
    line.made += 1
    prepared = Prepared(b"ms_%d" % line.made)
    done = server.prepare(prepared.name, numbered.encode())
    if done.status != _OK:
        raise error_from_result(done)
    line.known[text] = prepared
    return prepared


def _forget(server: Any, line: _Line) -> None:
    for prepared in line.known.values():
        server.exec_(b"DEALLOCATE " + prepared.name)
    line.known.clear()


def _rows(result: Any, prepared: Prepared) -> list[Row]:
    count = result.ntuples
    if not count:
        return []
    readers = prepared.readers
    if not readers:
        readers += [_READERS.get(result.ftype(column), bytes.decode) for column in range(result.nfields)]
    get = result.get_value
    return [
        tuple(None if (value := get(row, column)) is None else read(value) for column, read in enumerate(readers))
        for row in range(count)
    ]


class _Writers(dict[type, Callable[[Any], bytes | None]]):
    """How a value is written as text, by its type; kinds of a known type (an enumeration) are found by looking."""

    def __missing__(self, kind: type) -> Callable[[Any], bytes | None]:
        for base in kind.__mro__[1:]:
            if base in self:
                self[kind] = self[base]
                return self[kind]
        raise TypeError(f"{kind.__name__} is not among the values that travel; see round_trip")


def _date(value: dt.date) -> bytes:
    return value.isoformat().encode()


def _list(values: Sequence[Any]) -> bytes:
    """An array: numbers as they are, everything else quoted."""
    return b"{" + b",".join([b"%d" % one if type(one) is int else _quoted(one) for one in values]) + b"}"


def _quoted(value: Any) -> bytes:
    written = _WRITERS[type(value)](value)
    return b"NULL" if written is None else b'"' + written.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


_WRITERS = _Writers(
    {
        type(None): lambda _nothing: None,
        str: str.encode,
        int: lambda value: b"%d" % value,
        dt.date: _date,  # instants are dates too; both have one ISO form
        list: _list,
    }
)
_READERS: dict[int, Callable[[bytes], Any]] = {
    16: lambda value: value == b"t",
    20: int,
    21: int,
    23: int,
    1082: lambda value: dt.date.fromisoformat(value.decode()),
}
