"""Budgets without a database: what is left, what goes beyond, where the year will end."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from mainstay.performance.plans.rules.amounts import FULL_BP, rounded


@dataclass(frozen=True)
class Standing:
    """A budget line in fen: its budget with what was approved beyond it, and what is bound and spent."""

    amount_fen: int
    allowance_fen: int
    committed_fen: int
    actual_fen: int

    @property
    def free_fen(self) -> int:
        """What may still be committed or spent."""
        return self.amount_fen + self.allowance_fen - self.committed_fen - self.actual_fen

    @property
    def used_bp(self) -> int:
        """How much of the budget is committed or spent, in basis points of the budget."""
        used = self.committed_fen + self.actual_fen
        return rounded(Fraction(used * FULL_BP, self.amount_fen)) if self.amount_fen else FULL_BP * int(used > 0)


def beyond_fen(free_fen: int, amount_fen: int, released_fen: int = 0) -> int:
    """By how much an expense passes what is left, once the commitment it settles is released; 0 when it does not."""
    return max(amount_fen - released_fen - free_fen, 0)


def forecast_fen(actual_fen: int, committed_fen: int, elapsed_bp: int) -> int:
    """Where a line will end: spending goes on as it went so far, and never ends below what is spent and bound."""
    bound = actual_fen + committed_fen
    if elapsed_bp <= 0:
        return bound
    return max(bound, rounded(Fraction(actual_fen * FULL_BP, elapsed_bp)))
