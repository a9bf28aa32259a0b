"""SQLite has one writer at a time; here a writer that waits asks often enough to get its turn, and is seen waiting.

SQLite's own waiting asks at growing distances, up to 100 ms. A billing run writes transactions of some 20 ms one after
the other, so a counter that asks every 100 ms meets the moment between two of them by luck only: one payment in a
hundred waited three seconds. Here it asks three times a millisecond, and the run lets it in (`turns`).
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.operations import DatabaseOperations
from django.db.utils import OperationalError

from mainstay.kit.sqlite3.turns import ASK_S, Turns

STATEMENTS_KEPT = 512
LONGEST_KEPT = 4_000  # characters; longer ones hold many rows and hardly ever come again


class Operations(DatabaseOperations):
    """Django's, with our compiler of SELECT statements."""

    compiler_module = "mainstay.kit.sqlite3.compiler"


class Cursor(base.SQLiteCursorWrapper):
    """Django's cursor, which turns the same statement into SQLite's way once."""

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        """Return the statement with SQLite's marks of parameters."""
        if param_names is None and len(query) <= LONGEST_KEPT:
            return _marked(query)
        return super().convert_query(query, param_names=param_names)


@lru_cache(maxsize=STATEMENTS_KEPT)
def _marked(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection to SQLite with a patient BEGIN."""

    ops_class = Operations

    def create_cursor(self, name: str | None = None) -> Any:
        """Open a cursor."""
        connection: Any = self.connection
        return connection.cursor(factory=Cursor)

    def _start_transaction_under_autocommit(self) -> None:
        """Begin a transaction as soon as the writer before has ended; OperationalError when that takes too long."""
        patience_s = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        deadline = time.monotonic() + patience_s
        connection: Any = self.connection
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            if not self._begun(last=False):
                with Turns(str(self.settings_dict["NAME"])).waiting():
                    while not self._begun(last=time.monotonic() >= deadline):
                        time.sleep(ASK_S)
        finally:
            connection.execute(f"PRAGMA busy_timeout = {int(patience_s * 1000)}")

    def _begun(self, *, last: bool) -> bool:
        """Try to begin; False when another one writes, which raises when it was the `last` try."""
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except OperationalError as error:
            if last or "locked" not in str(error):
                raise
            return False
        return True
