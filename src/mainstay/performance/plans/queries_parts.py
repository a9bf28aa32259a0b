"""What targets are made of: who carries them, with which share, and what the parts have reached together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mainstay.core.events.providers import answers
from mainstay.performance.plans.models import Contract, Contribution, Indicator, Target
from mainstay.performance.plans.rules import Part, coverage, roll_up
from mainstay.performance.plans.rules.amounts import rounded
from mainstay.performance.plans.rules.shares import Coverage, attained_bp, covers

if TYPE_CHECKING:
    from mainstay.core.access.models import User

Value = tuple[int | None, int | None]
NOTHING: Value = (None, None)


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


def values_of(targets: Sequence[Target]) -> dict[int, Value]:
    """Return (value reached, attainment in bp) by target, from whoever tracks them; contracts are read along."""
    found: dict[int, Value] = {}
    for answer in answers("target_values", targets=targets):
        found.update(answer)
    return found


def links_below(parents: Iterable[int]) -> list[Contribution]:
    """Return what carries some targets, with everything a value needs: two queries."""
    rows = Contribution.objects.filter(parent__in=list(parents)).select_related("child__contract")
    links = list(rows.order_by("child__contract__unit__path", "child__contract__number", "id"))
    indicators = Indicator.objects.in_bulk({link.child.indicator_id for link in links})
    for link in links:
        link.child.indicator = indicators[link.child.indicator_id]
    return links


def rolled_up(targets: Sequence[Target]) -> dict[int, Rolled]:
    """Return what targets and their parts have reached, by target: a constant number of queries."""
    links: dict[int, list[Contribution]] = defaultdict(list)
    below = links_below([target.pk for target in targets])
    for link in below:
        links[link.parent_id].append(link)
    values = values_of([*targets, *{link.child_id: link.child for link in below}.values()])
    return {target.pk: _rolled(target, links[target.pk], values) for target in targets}


def _rolled(target: Target, links: list[Contribution], values: dict[int, Value]) -> Rolled:
    parts = []
    for link in links:
        actual, attained = values.get(link.child_id, NOTHING)
        parts.append(Part(link.share_bp, link.child.target_e4, link.covers_bp, actual, attained))
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
    links = links_below([target.pk])
    additive = target.indicator.additive
    parts = {link.pk: Part(link.share_bp, link.child.target_e4, link.covers_bp) for link in links}
    known = set(Target.objects.visible_to(user).filter(parents__parent=target).values_list("pk", flat=True))
    shown = [link for link in links if link.child_id in known][:limit]
    owners = Contract.objects.select_related("person", "unit").in_bulk({link.child.contract_id for link in shown})
    values = values_of([target, *(link.child for link in links)])
    shares = []
    for link in shown:
        link.child.contract = owners[link.child.contract_id]
        part = rounded(covers(target.target_e4, parts[link.pk], additive=additive))
        shares.append(Share(link, part, *values.get(link.child_id, NOTHING)))
    covered = coverage(target.target_e4, list(parts.values()), additive=additive)
    return Made(covered, _rolled(target, links, values), shares, len(links) - len(shares))


def carried_by(target: Target) -> list[Contribution]:
    """Return what a target carries above: one query."""
    rows = Contribution.objects.filter(child=target)
    return list(rows.select_related("parent__indicator", "parent__contract__unit", "parent__contract__person"))
