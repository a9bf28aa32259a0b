"""What a counter must know about cheques and pre-printed receipt forms. Pure.

A cheque must be shown to the bank within ten days of its date, and its date may not lie ahead (票据法 第九十一条,
支付结算办法 第一百二十八条: a cheque is paid at sight).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

CHEQUE_DAYS = 10
_CHEQUE_DIGITS = frozenset({8, 12, 16})
MOST_FORMS = 100_000


@dataclass(frozen=True, slots=True)
class NewCheque:
    """A cheque as it is handed over; `drawn_on` is the date written on it."""

    number: str
    bank: str
    drawer: str
    drawn_on: dt.date


def cheque_fault(cheque: NewCheque, today: dt.date) -> str | None:
    """Why a cheque cannot be taken on a day: "number", "bank", "drawer", "future", "late"; None when it can."""
    if not cheque.number.isascii() or not cheque.number.isdigit() or len(cheque.number) not in _CHEQUE_DIGITS:
        return "number"
    if not cheque.bank:
        return "bank"
    if not cheque.drawer:
        return "drawer"
    if cheque.drawn_on > today:
        return "future"
    return "late" if (today - cheque.drawn_on).days > CHEQUE_DAYS else None


@dataclass(frozen=True, slots=True)
class FormCount:
    """What became of the forms of a receipt book; numbers that nothing explains are `missing`."""

    issued: int
    used: int
    void: int
    wasted: int
    left: int

    @property
    def missing(self) -> int:
        """Forms that are neither used, void, wasted nor left: always 0 unless somebody changed the tables."""
        return self.issued - self.used - self.void - self.wasted - self.left


def form_count(first_no: int, last_no: int, next_no: int, slips: Mapping[str, int]) -> FormCount:
    """Count a book: its range, the next number to use, and how many slips are in each state."""
    return FormCount(
        last_no - first_no + 1, slips.get("used", 0), slips.get("void", 0), slips.get("wasted", 0),
        last_no - next_no + 1,
    )  # fmt: skip


def book_fault(series: str, first_no: int, last_no: int, digits: int) -> str | None:
    """Why a run of forms makes no book: "series", "range", "digits", "size"; None when it does."""
    if len(series) > 12 or (series and not (series.isascii() and series.isalnum())):  # noqa: PLR2004  # width of the column
        return "series"
    if first_no < 1 or last_no < first_no:
        return "range"
    if len(str(last_no)) > digits or digits > 12:  # noqa: PLR2004  # as forms are numbered
        return "digits"
    return "size" if last_no - first_no >= MOST_FORMS else None
