"""How far a signed target may move: at most so many per cent of its value a quarter."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from mainstay.kit.errors import Problem
from mainstay.performance.plans.rules.amounts import FULL_BP, bp_text, rounded


def moved_bp(before_e4: int, after_e4: int) -> int:
    """How far a value moves, in basis points of where it stood; all of it when it stood at 0."""
    if before_e4 == after_e4:
        return 0
    return rounded(Fraction(abs(after_e4 - before_e4) * FULL_BP, abs(before_e4))) if before_e4 else FULL_BP


def check_move(before_e4: int, after_e4: int, earlier_bp: Iterable[int], limit_bp: int, name: str) -> int:
    """Return how far a target would move (basis points); Problem when the quarter's limit would be passed."""
    used, now = sum(earlier_bp), moved_bp(before_e4, after_e4)
    if used + now > limit_bp:
        text = _("%(name)s would move by %(now)s; %(used)s of the %(limit)s a quarter are used already.")
        words = {"name": name, "now": bp_text(now), "used": bp_text(used), "limit": bp_text(limit_bp)}
        raise Problem(text % words, field="target", code="above_limit")
    return now
