"""Progress of long work, told the same way to a terminal, to a log and to nobody."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Protocol, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress


class Progress(Protocol):
    """What batch work reports to."""

    def update(self, done: int, total: int, note: str = "") -> None:
        """`done` of `total` pieces are finished; `note` is a short remark (the book at hand)."""


class Silent:
    """Tells nobody."""

    def update(self, done: int, total: int, note: str = "") -> None:
        """Nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """Nothing to finish."""


class Lines(Silent):
    """A line every few seconds, and one at the end: for pipes, logs and service units."""

    def __init__(self, title: str, stream: TextIO | None = None, *, every_s: float = 5.0) -> None:
        self._title, self._stream, self._every = title, stream or sys.stderr, every_s
        self._next = 0.0

    def update(self, done: int, total: int, note: str = "") -> None:
        """Print the state when it is due or the work is done."""
        now = time.monotonic()
        if now < self._next and done < total:
            return
        self._next = now + self._every
        share = f" ({done * 100 // total} %)" if total else ""
        self._stream.write(f"{self._title}: {done:,}/{total:,}{share} {note}".rstrip() + "\n")
        self._stream.flush()


class Bar:
    """A bar with count and remaining time on a terminal."""

    def __init__(self, title: str, console: Console | None = None) -> None:
        self._bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
            console=console or Console(stderr=True),
        )
        self._task = self._bar.add_task(title, total=None, note="")

    def update(self, done: int, total: int, note: str = "") -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=done, total=total, note=note)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()


def progress(title: str, *, quiet: bool = False) -> Silent | Lines | Bar:
    """The progress that fits standard error: a bar on a terminal, lines elsewhere, nothing when `quiet`.

    Use it with `with`: `with progress("Billing") as shown: run(progress=shown)`.
    """
    if quiet:
        return Silent()
    return Bar(title) if sys.stderr.isatty() else Lines(title)
