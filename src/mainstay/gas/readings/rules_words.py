"""Doubts and refusals in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.gas.readings.rules import Doubt, Refusal

DOUBTS: dict[Doubt, tuple[Any, Any]] = {
    Doubt.LOWER: (_("lower than before"), _("The index is lower than the one before. Check the digits and the meter.")),
    Doubt.OVER_ESTIMATE: (
        _("estimate was too high"),
        _("The estimate before was too high; the difference is given back with this reading."),
    ),
    Doubt.ROLLOVER: (_("dial went round"), _("The dial stood near its top and began again at zero.")),
    Doubt.JUMP: (_("jump"), _("More than three times what is usual here.")),
    Doubt.ZERO: (_("no use"), _("Nothing was used although gas is usually used here. The meter may stand still.")),
    Doubt.SAME_DAY: (_("same day"), _("The meter was already read on this day with another index.")),
    Doubt.FEW_DAYS: (_("few days"), _("Fewer than seven days since the reading before.")),
    Doubt.MANY_DAYS: (_("many days"), _("More than a hundred days since the reading before.")),
    Doubt.SECOND: (_("second reading"), _("This period already has an accepted reading. Choose which one counts.")),
}
REFUSALS: dict[Refusal, Any] = {
    Refusal.NEGATIVE: _("An index is never below zero."),
    Refusal.ABOVE_DIAL: _("The dial of this meter does not go so far. Check the digits."),
    Refusal.FUTURE: _("The date lies in the future."),
    Refusal.BEFORE_LAST: _("The date lies before the last reading of this meter."),
    Refusal.AFTER_REMOVAL: _("The meter was taken down before this date."),
    Refusal.NOT_READ: _("This account is not in use, so its meter is not read."),
}


def doubt_words(flags: int) -> list[Any]:
    """Short words for the doubts of a reading, for badges."""
    return [short for flag, (short, _long) in DOUBTS.items() if flags & flag]


def doubt_sentences(flags: int) -> list[Any]:
    """Sentences that explain the doubts of a reading."""
    return [text for flag, (_short, text) in DOUBTS.items() if flags & flag]


def refusal_sentence(found: int) -> Any:
    """The first reason why a reading is refused."""
    return REFUSALS[_first(found)]


def is_about_the_date(found: int) -> bool:
    """Tell whether that reason lies in the date rather than in the index."""
    return _first(found) in {Refusal.FUTURE, Refusal.BEFORE_LAST, Refusal.AFTER_REMOVAL}


def _first(found: int) -> Refusal:
    return next(flag for flag in REFUSALS if found & flag)
