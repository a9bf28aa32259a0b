"""Who stands above whom, by the contracts of units: the head of a unit answers for its contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mainstay.performance.plans.models import Contract

if TYPE_CHECKING:
    from mainstay.core.organisation.models import Unit
    from mainstay.performance.plans.models import Period


@dataclass(frozen=True)
class Superiors:
    """The heads of units in a period."""

    heads: dict[int, int]

    def of(self, person: int, unit: Unit) -> int | None:
        """The nearest head above a person: of the own unit, unless it is the person, else of the units above."""
        for part in reversed([int(one) for one in unit.path.split(".") if one]):
            head = self.heads.get(part)
            if head is not None and head != person:
                return head
        return None


def superiors(period: Period) -> Superiors:
    """Return the heads of units: who answers for a unit's or the company's contract in a period around: one query."""
    rows = Contract.objects.filter(
        kind__in=[Contract.Kind.UNIT, Contract.Kind.COMPANY],
        period__from_on__lte=period.from_on,
        period__until_on__gte=period.until_on,
    )
    ordered = rows.order_by("period__from_on").values_list("unit", "person")
    return Superiors(dict(ordered))
