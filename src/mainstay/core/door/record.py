"""Writing the audit row of an act that is done, together with the last statements of the act and the commit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mainstay.kit.sqlkit.trips import Statement, round_trip

_COLUMNS = (
    "at", "action", "outcome", "by_id", "approver_id", "unit_id", "amount_fen", "subject", "reason", "before", "after",
    "request_id", "ip",
)  # fmt: skip
_INSERT = f"INSERT INTO audit_entry ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608
_JSON = ("before", "after")


def write(facts: Mapping[str, Any], last: Sequence[Statement] = ()) -> None:
    """Run `last` and insert an audit row: the same row as saving an `Entry` of these facts makes.

    One journey, because it comes with every act. Call it at the end of the act's atomic block: where that block is
    the whole transaction, the journey commits it.
    """
    row = {**facts, **{name: json.dumps(facts[name]) for name in _JSON if facts[name] is not None}}
    round_trip([*last, (_INSERT, [row[name] for name in _COLUMNS])], commit=True)
