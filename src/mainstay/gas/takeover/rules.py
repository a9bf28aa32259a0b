"""Why an old bill and ours differ. Pure: amounts in fen by assumption, a word out."""

from __future__ import annotations

from collections.abc import Mapping

ROUNDING_FEN = 2  # a bill of several lines, each rounded once
ORDER = ("counter", "no_tiers", "persons", "low_income", "old_price")


def reason_of(old_fen: int, ours_fen: int | None, otherwise: Mapping[str, int]) -> str:
    """The word for a difference: the first single assumption under which our tariff gives the old amount.

    `otherwise` holds what we would bill under each assumption of ORDER that applies. None: we cannot price it.
    """
    if ours_fen is None:
        return "no_price"
    if old_fen == ours_fen:
        return "equal"
    for name in ORDER:
        if name in otherwise and otherwise[name] == old_fen:
            return name
    if abs(old_fen - ours_fen) <= ROUNDING_FEN:
        return "rounding"
    near = (name for name in ORDER if name in otherwise and abs(otherwise[name] - old_fen) <= ROUNDING_FEN)
    return next(near, "unknown")
