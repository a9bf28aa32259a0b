"""SQLite has one writer at a time; here a writer that waits asks often enough to get its turn.

SQLite's own waiting asks at growing distances, up to 100 ms. A billing run writes transactions of some 20 ms one after
the other with a millisecond between them, so a counter that asks every 100 ms meets that millisecond by luck only: one
payment in a hundred waited three seconds. Asking three times a millisecond, it goes in after the transaction that is
under way.
"""

from __future__ import annotations

import time
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

BETWEEN_S = 0.0003


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection to SQLite with a patient BEGIN."""

    def _start_transaction_under_autocommit(self) -> None:
        """Begin a transaction as soon as the writer before has ended; OperationalError when that takes too long."""
        patience_s = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        deadline = time.monotonic() + patience_s
        connection: Any = self.connection
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
                    return
                except OperationalError as error:
                    if "locked" not in str(error) or time.monotonic() >= deadline:
                        raise
                time.sleep(BETWEEN_S)
        finally:
            connection.execute(f"PRAGMA busy_timeout = {int(patience_s * 1000)}")
