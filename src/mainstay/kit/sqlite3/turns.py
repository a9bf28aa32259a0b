"""Who waits for SQLite's one writer: a long writer asks between two transactions, and rests only for somebody.

Whoever finds the database locked holds a shared lock on a file beside it until his turn has come. The file is empty;
locks on it go with the process that holds them.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ASK_S = 0.0003
LONGEST_S = 0.01  # so many wait that the long writer would never go on


class Turns:
    """The waiting room of one database; a database that is no file has none, and nobody waits there."""

    def __init__(self, database: str) -> None:
        """Open the room of the database in this file; where that may not be, waiting goes on unseen."""
        self._file = -1
        if Path(database).is_file():
            with suppress(OSError):
                self._file = os.open(f"{database}-turns", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def somebody_waits(self) -> bool:
        """Whether another process or connection waits to write."""
        if self._file < 0:
            return False
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        fcntl.flock(self._file, fcntl.LOCK_UN)
        return False

    def give(self) -> None:
        """Return at once when nobody waits, else once whoever waits has had his turn, or after 10 ms."""
        deadline = time.monotonic() + LONGEST_S
        while self.somebody_waits() and time.monotonic() < deadline:
            time.sleep(ASK_S)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Wait visibly inside."""
        if self._file >= 0:
            fcntl.flock(self._file, fcntl.LOCK_SH)
        try:
            yield
        finally:
            self.close()

    def close(self) -> None:
        """Leave the room."""
        with suppress(OSError):
            os.close(self._file)
        self._file = -1
