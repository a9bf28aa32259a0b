"""The tree of targets: company, units, people; what each target is covered by, and what its parts have reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count

from mainstay.core.door import rights
from mainstay.core.organisation.models import Unit
from mainstay.performance.plans.models import Contract, Contribution, Period, Target
from mainstay.performance.plans.models.contracts import VIEW_RIGHT
from mainstay.performance.plans.rules import Coverage, Part, coverage

if TYPE_CHECKING:
    from mainstay.core.access.models import User

NOBODY = Coverage(0, 10_000, 0)


@dataclass
class Line:
    """A target in the tree with what covers it: `parts` others carry it, and it carries `carries` others itself."""

    target: Target
    coverage: Coverage
    parts: int
    carries: int

    @property
    def hue(self) -> str:
        """Red where something is uncovered, amber where too much is promised, green where it adds up."""
        if self.coverage.uncovered_bp:
            return "red"
        return "amber" if self.coverage.over_bp else "green"


@dataclass
class Branch:
    """A unit in the tree: its own contract's targets, its people's contracts, the units below."""

    unit: Unit
    contract: Contract | None = None
    lines: list[Line] = field(default_factory=list)
    people: int = 0
    below: list[Branch] = field(default_factory=list)

    @property
    def uncovered(self) -> int:
        """How many of its targets are not wholly covered."""
        return sum(line.coverage.uncovered_bp > 0 for line in self.lines)


def tree_of(user: User, period: Period) -> list[Branch]:
    """Return the units a user may see with the targets of their contracts in a period: six queries."""
    ids = rights.unit_ids(user, VIEW_RIGHT)
    units = Unit.objects.filter(closed_on=None) if ids is None else Unit.objects.filter(pk__in=ids, closed_on=None)
    branches = {unit.pk: Branch(unit) for unit in units.order_by("path")}
    contracts = Contract.objects.filter(period=period, unit__in=branches)
    people = contracts.filter(kind=Contract.Kind.PERSON).values_list("unit").annotate(n=Count("pk"))
    for unit, number in people.order_by():
        branches[unit].people = number
    leading = contracts.exclude(kind=Contract.Kind.PERSON).select_related("person")
    by_pk = {contract.pk: contract for contract in leading}
    for contract in by_pk.values():
        branches[contract.unit_id].contract = contract
    for line in lines_of(list(by_pk)):
        branches[by_pk[line.target.contract_id].unit_id].lines.append(line)
    return _nested(branches)


def _nested(branches: dict[int, Branch]) -> list[Branch]:
    roots: list[Branch] = []
    for branch in branches.values():
        above = branches.get(branch.unit.parent_id or 0)
        (above.below if above else roots).append(branch)
    for branch in branches.values():
        branch.below.sort(key=lambda one: (one.unit.order, one.unit.code))
    return roots


def people_of(user: User, period: Period, unit_id: int, limit: int = 200) -> list[tuple[Contract, list[Line]]]:
    """Return the contracts of the people of one unit with their targets, by name: four queries."""
    rows = Contract.objects.visible_to(user).filter(period=period, unit=unit_id, kind=Contract.Kind.PERSON)
    contracts = list(rows.select_related("person").order_by("person__staff_no")[:limit])
    by_contract: dict[int, list[Line]] = defaultdict(list)
    for line in lines_of([contract.pk for contract in contracts]):
        by_contract[line.target.contract_id].append(line)
    return [(contract, by_contract[contract.pk]) for contract in contracts]


def lines_of(contracts: Sequence[int]) -> list[Line]:
    """Return the targets of contracts with what covers each: three queries."""
    rows = Target.objects.filter(contract__in=contracts).select_related("indicator")
    targets = list(rows.order_by("contract", "position", "id"))
    parts = parts_of([target.pk for target in targets])
    up = Contribution.objects.filter(child__in=[target.pk for target in targets])
    carries = dict(up.values_list("child").annotate(n=Count("pk")).order_by())
    return [_line(target, parts.get(target.pk, []), carries.get(target.pk, 0)) for target in targets]


def _line(target: Target, parts: list[Part], carries: int) -> Line:
    covered = coverage(target.target_e4, parts, additive=target.indicator.additive) if parts else NOBODY
    return Line(target, covered, len(parts), carries)


def parts_of(parents: Iterable[int]) -> dict[int, list[Part]]:
    """Return what carries each of some targets: one query."""
    found: dict[int, list[Part]] = defaultdict(list)
    rows = Contribution.objects.filter(parent__in=list(parents))
    for parent, share, covers, target in rows.values_list("parent", "share_bp", "covers_bp", "child__target_e4"):
        found[parent].append(Part(share, target, covers))
    return dict(found)


def periods_with_contracts() -> list[Period]:
    """Return the periods that have contracts, the latest first: one query."""
    return list(Period.objects.filter(contracts__isnull=False).distinct().order_by("-from_on", "until_on"))
