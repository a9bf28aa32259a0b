"""Writing the audit row of an act that is done: one plain statement, because it comes with every act."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mainstay.kit.sqlkit.trips import round_trip

if TYPE_CHECKING:
    from mainstay.core.audit.models import Entry

_COLUMNS = (
    "at", "action", "outcome", "by_id", "approver_id", "unit_id", "amount_fen", "subject", "reason", "before", "after",
    "request_id", "ip",
)  # fmt: skip
_INSERT = f"INSERT INTO audit_entry ({', '.join(_COLUMNS)}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608
_BEFORE, _AFTER = _COLUMNS.index("before"), _COLUMNS.index("after")


def write(entry: Entry) -> None:
    """Insert an audit row; the same row as `entry.save(force_insert=True)` makes."""
    values = [getattr(entry, name) for name in _COLUMNS]
    for index in (_BEFORE, _AFTER):
        values[index] = None if values[index] is None else json.dumps(values[index])
    round_trip([(_INSERT, values)])
