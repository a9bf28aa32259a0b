"""What targets are made of: who carries them, with which share, and what the parts have reached together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from mainstay.core.events.providers import answers
from mainstay.performance.plans.models import Contribution, Indicator, Target
from mainstay.performance.plans.models.contracts import visible_where
from mainstay.performance.plans.rules import Part, coverage, roll_up
from mainstay.performance.plans.rules.amounts import rounded
from mainstay.performance.plans.rules.shares import Coverage, attained_bp, covers

if TYPE_CHECKING:
    from mainstay.core.access.models import User

Value = tuple[int | None, int | None]
NOTHING: Value = (None, None)


class Measured(NamedTuple):
    """A target as far as its value goes: whole rows of thousands of parts would cost more than all the arithmetic.

    `target_e4` in 1/10000 of the unit; `combine` and `direction` as the indicator says them.
    """

    pk: int
    period: int
    target_e4: int
    combine: str
    direction: str


class Below(NamedTuple):
    """One contribution below a target, and the child as far as its value goes."""

    parent: int
    share_bp: int
    covers_bp: int | None
    child: Measured

    def part(self, value: Value = NOTHING) -> Part:
        """The part as the arithmetic takes it."""
        return Part(self.share_bp, self.child.target_e4, self.covers_bp, *value)


@dataclass(frozen=True)
class Share:
    """One contribution with both targets' values: what the child covers of the parent, what it has reached itself."""

    link: Contribution
    covers_bp: int
    actual_e4: int | None
    attained: int | None


@dataclass(frozen=True)
class Rolled:
    """A target's own value beside what its parts make of it together; values in 1/10000 of its unit, shares in bp.

    `known` of `parts` have a value; a part without one counts as nothing where values add up.
    """

    own_e4: int | None
    own_bp: int | None
    parts_e4: int | None
    parts_bp: int | None
    known: int
    parts: int


def values_of(targets: Sequence[Measured]) -> dict[int, Value]:
    """Return (value reached, attainment in bp) by target, from whoever tracks them."""
    found: dict[int, Value] = {}
    for answer in answers("target_values", targets=targets):
        found.update(answer)
    return found


def links_below(parents: Iterable[int]) -> list[Below]:
    """Return what carries some targets: two queries, no model made of any row."""
    rows = Contribution.objects.filter(parent__in=list(parents)).order_by("id")
    columns = ("parent", "share_bp", "covers_bp", "child", "child__contract__period", "child__target_e4")
    links = list(rows.values_list(*columns, "child__indicator"))
    ways = Indicator.objects.filter(pk__in={link[-1] for link in links}).values_list("pk", "combine", "direction")
    how = {pk: (combine, direction) for pk, combine, direction in ways}
    return [
        Below(parent, share, covers_, Measured(child, period, value, *how[indicator]))
        for parent, share, covers_, child, period, value, indicator in links
    ]


def measured(target: Target) -> Measured:
    """Return a target (with contract and indicator read along) as far as its value goes."""
    indicator = target.indicator
    return Measured(target.pk, target.contract.period_id, target.target_e4, indicator.combine, indicator.direction)


def rolled_up(targets: Sequence[Target]) -> dict[int, Rolled]:
    """Return what targets and their parts have reached, by target: a constant number of queries."""
    links: dict[int, list[Below]] = defaultdict(list)
    below = links_below([target.pk for target in targets])
    for link in below:
        links[link.parent].append(link)
    values = values_of([*map(measured, targets), *{link.child.pk: link.child for link in below}.values()])
    return {target.pk: _rolled(target, links[target.pk], values) for target in targets}


def _rolled(target: Target, links: list[Below], values: dict[int, Value]) -> Rolled:
    parts = [link.part(values.get(link.child.pk, NOTHING)) for link in links]
    made = roll_up(target.target_e4, parts, additive=target.indicator.additive)
    reached = None if made is None else attained_bp(target.target_e4, made, target.indicator.direction)
    known = sum(part.actual_e4 is not None for part in parts)
    own, own_bp = values.get(target.pk, NOTHING)
    return Rolled(own, own_bp, made, reached, known, len(parts))


@dataclass(frozen=True)
class Made:
    """What one target is made of: coverage, roll-up, the parts a user may see, and how many more there are."""

    coverage: Coverage
    rolled: Rolled
    shares: list[Share]
    hidden: int


def made_of(target: Target, user: User, limit: int = 100) -> Made:
    """Return what a target is made of, with the first `limit` parts that a user may see."""
    below = links_below([target.pk])
    additive = target.indicator.additive
    values = values_of([measured(target), *(link.child for link in below)])
    shares = []
    for link in _shown(target, user, limit):
        part = Part(link.share_bp, link.child.target_e4, link.covers_bp)
        covered = rounded(covers(target.target_e4, part, additive=additive))
        shares.append(Share(link, covered, *values.get(link.child_id, NOTHING)))
    whole = coverage(target.target_e4, [link.part() for link in below], additive=additive)
    return Made(whole, _rolled(target, below, values), shares, len(below) - len(shares))


def _shown(target: Target, user: User, limit: int) -> list[Contribution]:
    """The first parts of a target that a user may see, by unit and number, as its page shows them."""
    rows = Contribution.objects.filter(visible_where(user, "child__contract__"), parent=target)
    rows = rows.select_related("child__indicator", "child__contract__person", "child__contract__unit")
    return list(rows.order_by("child__contract__unit__path", "child__contract__number", "id")[:limit])


def carried_by(target: Target) -> list[Contribution]:
    """Return what a target carries above: one query."""
    rows = Contribution.objects.filter(child=target)
    return list(rows.select_related("parent__indicator", "parent__contract__unit", "parent__contract__person"))
