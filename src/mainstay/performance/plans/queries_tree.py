"""The tree of targets: company, units, people; what each target is covered by, and what its parts have reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Case, Count, Q, Sum, When

from mainstay.core.door import rights
from mainstay.core.organisation.models import Unit
from mainstay.performance.plans.models import Contract, Contribution, Indicator, Period, Target
from mainstay.performance.plans.models.contracts import VIEW_RIGHT
from mainstay.performance.plans.queries_parts import Rolled
from mainstay.performance.plans.rules import Coverage
from mainstay.performance.plans.rules.shares import Sums, coverage_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from mainstay.core.access.models import User

NOBODY = Coverage(0, 10_000, 0)
SHOWN_AT_ONCE = 40


class Led(NamedTuple):
    """The contract of a unit as far as the tree shows it: whose it is."""

    pk: int
    unit: int
    kind: str
    person: str


@dataclass
class Line:
    """A target in the tree with what covers it: `parts` others carry it, and it carries `carries` others itself."""

    target: Target
    coverage: Coverage
    parts: int
    carries: int
    rolled: Rolled | None = None

    @property
    def hue(self) -> str:
        """Red where something is uncovered, amber where too much is promised, green where it adds up."""
        if self.coverage.uncovered_bp:
            return "red"
        return "amber" if self.coverage.over_bp else "green"


@dataclass
class Branch:
    """A unit in the tree: its own contract's targets, its people's contracts, the units below.

    In a big company its targets `wait`: only how many have gaps is known, the rest is written where somebody looks.
    """

    unit: Unit
    contract: Led | None = None
    lines: list[Line] = field(default_factory=list)
    people: int = 0
    below: list[Branch] = field(default_factory=list)
    waits: bool = False
    uncovered: int = 0


def tree_of(user: User, period: Period) -> list[Branch]:
    """Return the units a user may see with the targets of their contracts in a period: six queries."""
    ids = rights.unit_ids(user, VIEW_RIGHT)
    units = Unit.objects.filter(closed_on=None) if ids is None else Unit.objects.filter(pk__in=ids, closed_on=None)
    branches = {unit.pk: Branch(unit) for unit in units.order_by("path")}
    contracts = Contract.objects.filter(period=period, unit__in=branches)
    people = contracts.filter(kind=Contract.Kind.PERSON).values_list("unit").annotate(n=Count("pk"))
    for unit, number in people.order_by():
        branches[unit].people = number
    leading = contracts.exclude(kind=Contract.Kind.PERSON).order_by("pk")
    by_contract: dict[int, Branch] = {}
    for row in leading.values_list("pk", "unit", "kind", "person__name"):
        contract = Led(*row)
        branch = by_contract[contract.pk] = branches[contract.unit]
        branch.contract = contract
    _fill(by_contract)
    return _nested(branches)


def _fill(branches: dict[int, Branch]) -> None:
    """Give branches (by contract) their targets, or in a big company how many of these have gaps."""
    if len(branches) > SHOWN_AT_ONCE:
        for contract, gaps in gaps_of(branches).items():
            branches[contract].waits, branches[contract].uncovered = True, gaps
        return
    for line in lines_of(list(branches)):
        branch = branches[line.target.contract_id]
        branch.lines.append(line)
        branch.uncovered += line.coverage.uncovered_bp > 0


def gaps_of(contracts: Iterable[int]) -> dict[int, int]:
    """Return how many targets of each contract that has any are not wholly covered: two queries."""
    rows = Target.objects.filter(contract__in=list(contracts)).order_by()
    sums = sums_of(rows.values("pk"))
    found: dict[int, int] = defaultdict(int)
    for pk, contract, target_e4, combine in rows.values_list("pk", "contract", "target_e4", "indicator__combine"):
        known = sums.get(pk)
        additive = combine == Indicator.Combine.SUM
        covered = coverage_of(target_e4, known, additive=additive) if known else NOBODY
        found[contract] += covered.uncovered_bp > 0
    return dict(found)


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
    sums = sums_of([target.pk for target in targets])
    up = Contribution.objects.filter(child__in=[target.pk for target in targets])
    carries = dict(up.values_list("child").annotate(n=Count("pk")).order_by())
    return [_line(target, sums.get(target.pk), carries.get(target.pk, 0)) for target in targets]


def _line(target: Target, sums: Sums | None, carries: int) -> Line:
    if sums is None:
        return Line(target, NOBODY, 0, carries)
    return Line(target, coverage_of(target.target_e4, sums, additive=target.indicator.additive), sums.parts, carries)


def sums_of(parents: Sequence[int] | QuerySet[Any]) -> dict[int, Sums]:
    """Return what carries each of some targets, added up in the database: one query."""
    rows = Contribution.objects.filter(parent__in=parents).annotate(said=Q(covers_bp__isnull=False))
    grouped = rows.order_by().values_list("parent", "said", Case(When(said=False, then="share_bp"), default=0))
    found: dict[int, Sums] = {}
    for parent, said, share, count, answered, targets in grouped.annotate(
        n=Count("pk"), answered=Sum("covers_bp"), targets=Sum("child__target_e4")
    ):
        so_far = found.get(parent, Sums())
        shared = so_far.shared if said else (*so_far.shared, (share, count, int(targets)))
        found[parent] = Sums(so_far.parts + count, so_far.answered_bp + (answered or 0), shared)
    return found


def periods_with_contracts() -> list[Period]:
    """Return the periods that have contracts, the latest first: one query."""
    return list(Period.objects.filter(contracts__isnull=False).distinct().order_by("-from_on", "until_on"))
