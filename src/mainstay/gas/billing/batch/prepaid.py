"""Meters whose gas is paid for before it flows (IC card meters): what they measure is never billed again.

Their installations stand in a temporary table that the engine's statements leave out. A company without such meters
has an empty one, and its statements do not ask at all; one with many pays a look-up for each reading.
"""

from __future__ import annotations

from mainstay.gas.billing.batch.sql import Statements
from mainstay.gas.meters.models import PREPAID_KINDS
from mainstay.kit.sqlkit import vendor

PREPAID = "billing_prepaid"
# Keys are not always committed in their order: a look back over so many finds a meter that was hung up meanwhile.
_LOOK_BACK = 200
_KINDS = ", ".join(f"'{kind}'" for kind in PREPAID_KINDS)
_PUT = f"""
    INSERT INTO {PREPAID} (installation_id)
    SELECT i.id FROM meters_meter m JOIN meters_installation i ON i.meter_id = m.id
    WHERE m.kind IN ({_KINDS}) AND i.id > %s ON CONFLICT DO NOTHING"""  # noqa: S608
_MISSING = f"NOT EXISTS (SELECT 1 FROM {PREPAID} p WHERE p.installation_id = r.installation_id)"  # noqa: S608


class Prepaid:
    """The table of one connection; `any` tells whether a statement has to ask it."""

    def __init__(self, cursor: Statements) -> None:
        """Create and fill the table; what an earlier run left there goes."""
        key = "bigint" if vendor() == "postgresql" else "integer"
        self.cursor, self.any = cursor, False
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {PREPAID} (installation_id {key} PRIMARY KEY)")
        cursor.execute(f"TRUNCATE {PREPAID}" if vendor() == "postgresql" else f"DELETE FROM {PREPAID}")  # noqa: S608
        self.newest = self._newest()
        self._put(0)
        if vendor() == "postgresql" and self.any:
            cursor.execute(f"ANALYZE {PREPAID}")

    def refresh(self) -> None:
        """Add the meters that were hung up since."""
        newest = self._newest()
        if newest != self.newest:
            self._put(self.newest - _LOOK_BACK)
            self.newest = newest

    def _put(self, after: int) -> None:
        self.any |= self.cursor.execute(_PUT, (after,)).rowcount > 0

    def _newest(self) -> int:
        row = self.cursor.execute("SELECT max(id) FROM meters_installation").fetchone()
        return int(row[0] or 0) if row else 0


def unless_prepaid(*, ask: bool) -> str:
    """Condition on a reading `r`, to be joined by AND: its meter is not prepaid."""
    return f"AND {_MISSING}" if ask else ""
