"""How audit rows are hashed and sealed. Whoever has the rows can recompute every seal with this file alone."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

COLUMNS = (
    "id",
    "at",
    "action",
    "outcome",
    "by_id",
    "approver_id",
    "unit_id",
    "amount_fen",
    "subject",
    "reason",
    "before",
    "after",
    "request_id",
    "ip",
)
BEGINNING = "0" * 64  # what the first seal is chained to
_MARK = struct.Struct(">q8s")


@dataclass(frozen=True)
class SealFact:
    """A seal as it is stored and exported: the range of ids, number of rows, their hash, and the chain."""

    first_id: int
    last_id: int
    rows: int
    digest: str
    chain: str


def canonical(row: Mapping[str, Any]) -> bytes:
    """Return a row as canonical JSON: all columns, keys sorted, instants in UTC with microseconds."""
    return json.dumps(
        {name: _plain(row[name]) for name in COLUMNS}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value


class Batch:
    """Rows being hashed, in order of id."""

    def __init__(self) -> None:
        self._hash = sha256()
        self._marks = bytearray()
        self.rows = 0

    def add(self, row: Mapping[str, Any]) -> bytes:
        """Take a row in and return its mark."""
        text = canonical(row)
        self._hash.update(text + b"\n")
        mark = mark_of(row["id"], text)
        self._marks += mark
        self.rows += 1
        return mark

    @property
    def digest(self) -> str:
        """Hash over all rows taken in."""
        return self._hash.hexdigest()

    @property
    def marks(self) -> bytes:
        """Marks of all rows, 16 bytes each."""
        return bytes(self._marks)

    def seal(self, first_id: int, last_id: int, before: str) -> SealFact:
        """Return the seal over the range, chained to the chain value before it."""
        chain = chained(before, self.digest, first_id, last_id, self.rows)
        return SealFact(first_id, last_id, self.rows, self.digest, chain)


def mark_of(row_id: int, text: bytes) -> bytes:
    """Return the mark of a row: its id and eight bytes of its own hash."""
    return _MARK.pack(row_id, sha256(text).digest()[:8])


def read_marks(marks: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (id, mark) of each row that was sealed."""
    for start in range(0, len(marks) - _MARK.size + 1, _MARK.size):
        one = marks[start : start + _MARK.size]
        yield _MARK.unpack(one)[0], one


def chained(before: str, digest: str, first_id: int, last_id: int, rows: int) -> str:
    """Return the chain value of a seal: the hash of the one before, this hash, the range and the number of rows."""
    return sha256(f"{before}|{digest}|{first_id}|{last_id}|{rows}".encode()).hexdigest()


def broken_links(seals: Iterable[SealFact]) -> Iterator[SealFact]:
    """Yield the seals whose chain value or beginning does not follow from the seal before."""
    before, next_id = BEGINNING, 1
    for seal in seals:
        if seal.first_id != next_id or seal.chain != chained(
            before, seal.digest, seal.first_id, seal.last_id, seal.rows
        ):
            yield seal
        before, next_id = seal.chain, seal.last_id + 1
