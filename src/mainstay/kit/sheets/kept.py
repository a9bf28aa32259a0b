"""Rows read for a check, kept a short while for the commit that follows it, so that a large file is read once.

Only within one process, a single sheet, and for minutes: whoever commits elsewhere or later reads the kept file again.
The guard is the hash of the file's content together with the kind: the same content gives the same rows.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

from mainstay.kit.sheets.reading import Sheet

LEAST_ROWS = 2_000  # smaller ones are read again in no time
SECONDS = 900


@dataclass(frozen=True, slots=True)
class _Kept:
    digest: str
    kind: str
    sheet: Sheet
    found: Any
    until: float


_kept: list[_Kept] = []


def fresh(sheet: Sheet) -> Sheet:
    """The values of a sheet as they were read, without the file's own rows, which only its preview shows.

    A check may add errors to the rows it made; a second check must not find them.
    """
    return replace(sheet, faults={number: list(errors) for number, errors in sheet.faults.items()}, table=[])


def keep(digest: str, kind: str, sheet: Sheet, found: Any = None) -> None:
    """Keep a sheet that no check has touched, in place of the one kept before; `digest` is of the file's content.

    `found` is what the check found, where it may hold later.
    """
    _kept[:] = [_Kept(digest, kind, sheet, found, time.monotonic() + SECONDS)] if len(sheet) >= LEAST_ROWS else []


def take(digest: str, kind: str) -> tuple[Sheet, Any] | None:
    """Take the sheet out with what was found, when it is the one kept and still fresh."""
    try:
        one = _kept.pop()
    except IndexError:
        return None
    same = (one.digest, one.kind) == (digest, kind) and time.monotonic() < one.until
    return (one.sheet, one.found) if same else None
