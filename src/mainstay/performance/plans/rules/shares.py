"""Weights and shares: what must add up, what of a parent is covered, how values roll up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from mainstay.kit.errors import Problem
from mainstay.performance.plans.rules.amounts import FULL_BP, bp_text, rounded

SUM, LAST, MEAN = "sum", "last", "mean"


@dataclass(frozen=True)
class Part:
    """A child's contribution to a parent: the share of the child that counts there, its values, its own coverage.

    `covers_bp` says which part of the parent the child answers for, where that cannot be computed (rates).
    """

    share_bp: int
    target_e4: int
    covers_bp: int | None = None
    actual_e4: int | None = None
    attained_bp: int | None = None


@dataclass(frozen=True)
class Coverage:
    """Which part of a parent target its children cover, in basis points: up to 100 %, the rest, what is above."""

    covered_bp: int
    uncovered_bp: int
    over_bp: int

    @property
    def whole(self) -> bool:
        """Whether the parts add up to the whole, no more and no less."""
        return not self.uncovered_bp and not self.over_bp


def check_weights(weights_bp: Iterable[int]) -> None:
    """Raise Problem unless the weights of a contract are above 0 and sum to exactly 100 %."""
    weights = list(weights_bp)
    if any(weight <= 0 for weight in weights):
        raise Problem(_("Every target needs a weight above 0."), field="weight", code="weights")
    if sum(weights) != FULL_BP:
        text = _("The weights sum to %(sum)s; they must sum to exactly 100 %%.") % {"sum": bp_text(sum(weights))}
        raise Problem(text, field="weight", code="weights")


def check_shares(shares_bp: Iterable[int]) -> None:
    """Raise Problem when the shares that a child gives its parents are not above 0 or exceed 100 % together."""
    shares = list(shares_bp)
    if any(share <= 0 for share in shares):
        raise Problem(_("A share must lie above 0."), field="share", code="shares")
    if sum(shares) > FULL_BP:
        text = _("The shares of this target sum to %(sum)s; more than 100 %% cannot be given away.")
        raise Problem(text % {"sum": bp_text(sum(shares))}, field="share", code="shares")


def covers(parent_target_e4: int, part: Part, *, additive: bool) -> Fraction:
    """Which part of a parent one child covers, in basis points, exactly.

    Values that add up are compared with the parent's; for all others the child says it (`covers_bp`, else its share).
    """
    if part.covers_bp is not None:
        return Fraction(part.covers_bp)
    if additive and parent_target_e4:
        return Fraction(part.target_e4 * part.share_bp, parent_target_e4)
    return Fraction(part.share_bp)


def coverage(parent_target_e4: int, parts: Sequence[Part], *, additive: bool) -> Coverage:
    """Return what the children cover of a parent target together; rounded once, at the end."""
    by_value = additive and parent_target_e4
    said = sum(part.covers_bp or 0 for part in parts)
    shared = sum(part.share_bp * (part.target_e4 if by_value else 1) for part in parts if part.covers_bp is None)
    total = max(rounded(said + Fraction(shared, parent_target_e4 if by_value else 1)), 0)
    return Coverage(min(total, FULL_BP), max(FULL_BP - total, 0), max(total - FULL_BP, 0))


@dataclass(frozen=True)
class Sums:
    """Many contributions to one parent, added up: `answered_bp` of the parent by those that say so; of the others, by
    share, how many there are and the sum of their targets (1/10000 of the unit).
    """

    parts: int = 0
    answered_bp: int = 0
    shared: tuple[tuple[int, int, int], ...] = ()


def coverage_of(parent_target_e4: int, sums: Sums, *, additive: bool) -> Coverage:
    """Return what contributions that were added up cover of a parent: the same as `coverage` of them one by one."""
    if additive and parent_target_e4:
        shared = Fraction(sum(share * total for share, _count, total in sums.shared), parent_target_e4)
    else:
        shared = Fraction(sum(share * count for share, count, _total in sums.shared))
    total = max(rounded(sums.answered_bp + shared), 0)
    return Coverage(min(total, FULL_BP), max(FULL_BP - total, 0), max(total - FULL_BP, 0))


def roll_up(parent_target_e4: int, parts: Sequence[Part], *, additive: bool) -> int | None:
    """Return the parent's value as its children make it, 1/10000 of its unit; None while no child has one.

    Values that add up: Σ value × share. All others: the parent's target times the children's attainment, weighted by
    the part of the parent that each covers.
    """
    known = [part for part in parts if part.actual_e4 is not None]
    if not known:
        return None
    if additive:
        return rounded(Fraction(sum((part.actual_e4 or 0) * part.share_bp for part in known), FULL_BP))
    weights = [part.share_bp if part.covers_bp is None else part.covers_bp for part in known]
    if not sum(weights):
        return None
    attained = sum(weight * (part.attained_bp or 0) for weight, part in zip(weights, known, strict=True))
    return rounded(Fraction(parent_target_e4 * attained, FULL_BP * sum(weights)))


def contract_points(scored: Iterable[tuple[int, int]]) -> int:
    """Return a contract's points (1/100) from (weight in basis points, points in 1/100) of its targets."""
    return rounded(sum((Fraction(weight * points, FULL_BP) for weight, points in scored), Fraction(0)))


def combined(values_e4: Sequence[int], how: str) -> int | None:
    """Return the value of a longer period from those of its parts in order: their sum, the last one, or their mean."""
    if not values_e4:
        return None
    if how == SUM:
        return sum(values_e4)
    if how == LAST:
        return values_e4[-1]
    return rounded(Fraction(sum(values_e4), len(values_e4)))


def attained_bp(target_e4: int, actual_e4: int, direction: str) -> int:
    """How far a target is attained, in basis points: actual ÷ target; where less is better, 2 − actual ÷ target."""
    if not target_e4:
        return FULL_BP if (actual_e4 <= 0 if direction == "less" else actual_e4 >= 0) else 0
    part = Fraction(actual_e4, target_e4)
    if direction == "less":
        part = 2 - part
    elif direction == "exact":
        part = 1 - abs(part - 1)
    return max(rounded(part * FULL_BP), 0)
