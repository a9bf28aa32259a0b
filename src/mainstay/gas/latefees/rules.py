"""Late fees 违约金: what a bill that is paid late costs more. Pure: dates and amounts in, fen out.

Terms differ by class of customer. The old 《城市燃气管理办法》 art. 30 allowed at most 3‰ a day for residents; that
limit is kept here, the terms themselves are data with the notice they come from.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from mainstay.kit.money import half_up

MILLION = 1_000_000
MOST_RESIDENT_PPM = 3_000
MOST_PPM = 10_000
DUE, GRACE = "due", "grace"


@dataclass(frozen=True, slots=True)
class Terms:
    """How the fee of a class is reckoned.

    `daily_ppm`: millionths of what is open, a day (3‰ = 3000). No fee when paid within `grace_days` after the due
    date; later, days count from the due date (`counts_from` "due") or from the end of the grace ("grace").
    `cap_bp`: at most this part of the bill, in 1/10000. No fee for bills below `min_volume_l`, nor below `min_fee_fen`.
    """

    daily_ppm: int
    grace_days: int = 0
    counts_from: str = DUE
    cap_bp: int = 10_000
    min_volume_l: int = 0
    min_fee_fen: int = 1


@dataclass(frozen=True, slots=True)
class Late:
    """What a bill owes for being late: `fee_fen` in all, `days` since counting began, `capped` at the most allowed."""

    fee_fen: int
    days: int
    capped: bool


@dataclass(frozen=True, slots=True)
class Owed:
    """A bill as far as its late fee goes; `paid` are (day, fen) put on it, negative where a payment was taken back."""

    amount_fen: int
    due_on: dt.date
    paid: tuple[tuple[dt.date, int], ...] = ()
    volume_l: int = 0


def late_fee(terms: Terms, bill: Owed, on: dt.date) -> Late:
    """The fee of one bill up to and with the day `on`.

    Each fen costs the rate for every day it was open past the due date. Rounded once, half up. A bill not yet due, or
    within the grace, costs nothing.
    """
    free_until = bill.due_on + dt.timedelta(days=terms.grace_days)
    if on <= free_until or bill.amount_fen <= 0 or bill.volume_l < terms.min_volume_l:
        return Late(0, 0, capped=False)
    start = free_until if terms.counts_from == GRACE else bill.due_on
    days = (on - start).days
    exposure = bill.amount_fen * days
    for day, fen in bill.paid:
        since = day if day > free_until else start
        exposure -= fen * max(0, (on - since).days)
    fee = half_up(max(exposure, 0) * terms.daily_ppm, MILLION)
    most = half_up(bill.amount_fen * terms.cap_bp, 10_000)
    return Late(min(fee, most), days, capped=fee > most)


def to_post(terms: Terms, fee_fen: int, posted_fen: int) -> int:
    """What is still to be posted of a fee: nothing below the least amount, never less than was posted."""
    if posted_fen == 0 and fee_fen < terms.min_fee_fen:
        return 0
    return max(0, fee_fen - posted_fen)
