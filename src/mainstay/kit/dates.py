"""Dates as the business uses them: billing periods as numbers (202611), and dates out of sheets."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.kit.errors import Problem

_WRITTEN = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[ T].*)?|(\d{4})年(\d{1,2})月(\d{1,2})日|(\d{4})(\d{2})(\d{2})", re.ASCII
)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_SERIAL_ZERO = dt.date(1899, 12, 30)


def local_today() -> dt.date:
    """Today where the company works (the time zone of the settings), not in UTC."""
    return timezone.localdate()


def period_of(day: dt.date) -> int:
    """The period a day lies in: 2026-11-23 → 202611."""
    return day.year * 100 + day.month


def add_months(period: int, months: int) -> int:
    """The period so many months later (earlier when negative)."""
    year, month = divmod(_months(period) + months, 12)
    return year * 100 + month + 1


def next_period(period: int) -> int:
    """The period after: 202612 → 202701."""
    return add_months(period, 1)


def previous_period(period: int) -> int:
    """The period before: 202701 → 202612."""
    return add_months(period, -1)


def months_between(first: int, last: int) -> int:
    """Months from period `first` to period `last`: 202611, 202701 → 2; negative when `last` is earlier."""
    return _months(last) - _months(first)


def first_day(period: int) -> dt.date:
    """First day of a period. Raises ValueError for a number that is no period."""
    return dt.date(period // 100, period % 100, 1)


def last_day(period: int) -> dt.date:
    """Last day of a period."""
    return first_day(next_period(period)) - dt.timedelta(days=1)


def month_text(period: int) -> str:
    """A period as people read it: 202611 is 2026-11. `parse_period` reads it back."""
    return f"{period // 100}-{period % 100:02d}"


def parse_period(text: str, *, field: str | None = None) -> int:
    """Period of a text such as "202611", "2026-11" or "2026年11月". Raises Problem."""
    digits = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})月?", unicodedata.normalize("NFKC", text).strip(), re.ASCII)
    if not digits or not 1 <= int(digits[2]) <= 12 or int(digits[1]) < 1900:  # noqa: PLR2004
        raise Problem(_("Not a month: write it like 2026-11."), field=field, code="not_period")
    return int(digits[1]) * 100 + int(digits[2])


def parse_date(value: str | float | dt.date, *, field: str | None = None) -> dt.date:
    """Date of a sheet's cell: a date, an instant, Excel's day number, or text like 2026-11-23, 2026/11/23, 20261123.

    Raises Problem for what is no date, and for years with two digits, which would be a guess.
    """
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = unicodedata.normalize("NFKC", f"{value:g}" if isinstance(value, float) else str(value)).strip()
    if isinstance(value, float) and value.is_integer():
        text = str(int(value))
    return _from_text(text, field)


def _from_text(text: str, field: str | None) -> dt.date:
    if match := _WRITTEN.fullmatch(text):
        year, month, day = (int(piece) for piece in match.groups() if piece and piece.isdigit())
        try:
            return dt.date(year, month, day)
        except ValueError:
            raise Problem(_("There is no such day in the calendar."), field=field, code="not_date") from None
    if match := _SERIAL.fullmatch(text):
        return _SERIAL_ZERO + dt.timedelta(days=int(match[1]))
    raise Problem(_("Not a date: write it like 2026-11-23."), field=field, code="not_date")


def _months(period: int) -> int:
    year, month = divmod(period, 100)
    if not (1 <= month <= 12 and year > 0):  # noqa: PLR2004
        raise ValueError(f"{period} is no period: it is written yyyymm.")
    return year * 12 + month - 1
