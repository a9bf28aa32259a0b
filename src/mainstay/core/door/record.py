"""Writing the audit row of an act that is done, together with the last statements of the act and the commit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from mainstay.kit.sqlkit.trips import Statement, round_trip

_COLUMNS = (
    "at", "action", "outcome", "by_id", "approver_id", "unit_id", "amount_fen", "subject", "reason", "before", "after",
    "request_id", "ip",
)  # fmt: skip
_MARKS = f"({', '.join(['%s'] * len(_COLUMNS))})"
_encode = json.JSONEncoder().encode


def write(facts: Mapping[str, Any], last: Sequence[Statement] = ()) -> None:
    """Run `last` and insert an audit row: the same row as saving an `Entry` of these facts makes.

    One journey, because it comes with every act. Call it at the end of the act's atomic block: where that block is
    the whole transaction, the journey commits it.
    """
    write_all([facts], last)


def write_all(rows: Sequence[Mapping[str, Any]], last: Sequence[Statement] = ()) -> None:
    """Run `last` and insert the audit rows of several acts that are done in one transaction, as `write` does."""
    values = [value for facts in rows for value in _values(facts)]
    round_trip([*last, (_insert(len(rows)), values)], commit=True)


def _values(facts: Mapping[str, Any]) -> list[Any]:
    return [
        _encode(facts[name]) if name in {"before", "after"} and facts[name] is not None else facts[name]
        for name in _COLUMNS
    ]


@cache
def _insert(count: int) -> str:
    return f"INSERT INTO audit_entry ({', '.join(_COLUMNS)}) VALUES {', '.join([_MARKS] * count)}"  # noqa: S608
