"""What a new reading means: its volume, what is doubtful about it, and what stands in when nobody could read.

Pure: litres, days and flags in, litres and flags out.
"""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from typing import NamedTuple

FACTOR_ONE = 10_000
JUMP_TIMES = 3
JUMP_AT_LEAST_L = 20_000
TOP_PART, BOTTOM_PART = 9, 1  # tenths of the dial between which a dial that went round stands before and after
FEW_DAYS, MANY_DAYS = 7, 100
HISTORY_DAYS = 20  # less history than this says nothing about what is usual
HEATING_MONTHS = (11, 12, 1, 2, 3)


class Doubt(IntEnum):
    """What is remarkable about a reading: bits of a number. The words are in `rules_words.py`."""

    LOWER = 1
    OVER_ESTIMATE = 2
    ROLLOVER = 4
    JUMP = 8
    ZERO = 16
    SAME_DAY = 32
    FEW_DAYS = 64
    MANY_DAYS = 128
    SECOND = 256


# These explain a reading; all others send it to the worklist.
_EXPLAINED = Doubt.OVER_ESTIMATE | Doubt.ROLLOVER | Doubt.FEW_DAYS | Doubt.MANY_DAYS


class Refusal(IntEnum):
    """Why something is no reading at all and does not come in: bits of a number."""

    FUTURE = 1
    BEFORE_LAST = 2
    ABOVE_DIAL = 4
    NEGATIVE = 8
    AFTER_REMOVAL = 16
    NOT_READ = 32


class Before(NamedTuple):
    """What is known of a meter before a reading; volumes in litres.

    `index_l` and `on` are the reading before. After estimates `estimated` is set and `actual_index_l` is the
    last index that somebody really read. `history_l` in `history_days` is the use of the last two years,
    `last_year_l` in `last_year_days` that of the same period a year ago (0 days: not known).
    """

    index_l: int
    on: date
    estimated: bool
    actual_index_l: int
    history_l: int
    history_days: int
    last_year_l: int
    last_year_days: int
    dial_l: int
    factor_e4: int


class Verdict(NamedTuple):
    """What a reading comes to."""

    volume_l: int
    doubts: int
    rollover: bool

    @property
    def questioned(self) -> bool:
        """Whether somebody has to look at it before it is billed."""
        return bool(self.doubts & ~_EXPLAINED)


def refusal(index_l: int, taken_on: date, today: date, before: Before) -> int:
    """Return why the reading cannot be taken, 0 when it can."""
    found = 0
    if index_l < 0:
        found |= Refusal.NEGATIVE
    if index_l >= before.dial_l:
        found |= Refusal.ABOVE_DIAL
    if taken_on > today:
        found |= Refusal.FUTURE
    if taken_on < before.on:
        found |= Refusal.BEFORE_LAST
    return found


def judge(index_l: int, taken_on: date, before: Before) -> Verdict:
    """Work out volume and doubts of a reading that is not refused.

    A lower index is told apart: the dial went round (it stood near its top and stands near zero), the reading before
    was an estimate and too high (settled by a negative volume), or it is wrong.
    """
    difference, doubts, rollover = index_l - before.index_l, 0, False
    if difference < 0:
        if _went_round(index_l, before):
            difference, rollover = difference + before.dial_l, True
            doubts |= Doubt.ROLLOVER
        elif before.estimated and index_l >= before.actual_index_l:
            doubts |= Doubt.OVER_ESTIMATE
        else:
            doubts |= Doubt.LOWER
    volume_l = metered(difference, before.factor_e4)
    days = (taken_on - before.on).days
    return Verdict(volume_l, doubts | _about_time(days) | _about_volume(volume_l, days, taken_on, before), rollover)


def metered(difference_l: int, factor_e4: int) -> int:
    """Litres used for a difference of indexes, by the meter's unit factor; halves away from zero."""
    if factor_e4 == FACTOR_ONE:
        return difference_l
    scaled = (2 * abs(difference_l) * factor_e4 + FACTOR_ONE) // (2 * FACTOR_ONE)
    return scaled if difference_l >= 0 else -scaled


def used_between(first_l: int, last_l: int, dial_l: int) -> int:
    """Difference of two indexes of one meter with readings between them: a dial that went round did so once.

    Below the first by less than half a dial it did not go round: estimates before it were settled downwards.
    """
    difference = last_l - first_l
    return difference + dial_l if 2 * difference < -dial_l else difference


def _went_round(index_l: int, before: Before) -> bool:
    return before.index_l * 10 >= before.dial_l * TOP_PART and index_l * 10 <= before.dial_l * BOTTOM_PART


def _about_time(days: int) -> int:
    if days == 0:
        return Doubt.SAME_DAY
    if days < FEW_DAYS:
        return Doubt.FEW_DAYS
    return Doubt.MANY_DAYS if days > MANY_DAYS else 0


def _about_volume(volume_l: int, days: int, taken_on: date, before: Before) -> int:
    usual = usual_volume(days, before)
    if usual is None or volume_l < 0:
        return 0
    if volume_l > JUMP_AT_LEAST_L and volume_l > JUMP_TIMES * usual and not before.estimated:
        return Doubt.JUMP
    if volume_l == 0 and days >= HISTORY_DAYS and (usual > 0 or _heated(taken_on, before)):
        return Doubt.ZERO
    return 0


def _heated(taken_on: date, before: Before) -> bool:
    return taken_on.month in HEATING_MONTHS and before.last_year_l > 0


def usual_volume(days: int, before: Before) -> int | None:
    """Litres that are usual for so many days: as in the same period last year where known, else the own mean.

    None when there is too little history. Where both are known the larger counts, so that neither a mild winter nor
    a first cold month makes an ordinary reading doubtful.
    """
    found = [0]
    if before.last_year_days >= HISTORY_DAYS:
        found.append(before.last_year_l * days // before.last_year_days)
    if before.history_days >= HISTORY_DAYS:
        found.append(before.history_l * days // before.history_days)
    return max(found) if len(found) > 1 else None


def estimated_index(taken_on: date, before: Before) -> int | None:
    """Index in litres to put down when nobody could read: last year's use of these days, else the own mean.

    Whole cubic metres, as dials are read; never beyond the dial (an estimate does not go round). None without history.
    """
    days = max(0, (taken_on - before.on).days)
    if before.last_year_days >= HISTORY_DAYS:
        litres = before.last_year_l * days // before.last_year_days
    elif before.history_days >= HISTORY_DAYS:
        litres = before.history_l * days // before.history_days
    else:
        return None
    cubic = max(0, litres) * FACTOR_ONE // before.factor_e4 // 1000 * 1000
    return max(before.index_l, min(before.index_l + cubic, before.dial_l - 1000))
