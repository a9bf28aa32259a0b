"""Planning of rounds: pure."""

from __future__ import annotations

import calendar
from datetime import date


def next_planned(before: date | None, period: int, free: date) -> date:
    """The day a book is planned for: the same day of the month as `before`, else the reader's next free day.

    Never outside the period: short months end earlier, and a free day beyond its end is the last one.
    """
    year, month = divmod(period, 100)
    last = calendar.monthrange(year, month)[1]
    if before is not None:
        return date(year, month, min(before.day, last))
    return max(date(year, month, 1), min(free, date(year, month, last)))


def rate_bp(read: int, accounts: int) -> int:
    """Reading rate (抄表率) in hundredths of a percent, rounded down so that 100 % means all; 0 without accounts."""
    return read * 10_000 // accounts if accounts else 0


def percent(basis_points: int) -> str:
    """Hundredths of a percent as people read them: 98.7."""
    return f"{basis_points // 100}.{basis_points % 100 // 10}"
