"""What the own page shows: a constant number of queries whatever the size of the company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from mainstay.core.door import rights
from mainstay.performance.plans.models import Contract
from mainstay.performance.tracking.models import Action
from mainstay.performance.tracking.queries import REPORT, Result, points_of, results_by_contract
from mainstay.performance.tracking.rules import Span, elapsed_bp

if TYPE_CHECKING:
    from mainstay.core.access.models import User

SHOWN = 20


@dataclass(frozen=True)
class OwnContract:
    """A contract of one's own with what it has reached."""

    contract: Contract
    results: list[Result]
    points_e2: int | None
    elapsed: int
    report: bool  # whether the reader may report what a target reached

    @property
    def attained(self) -> int:
        """How far its targets are together, in per cent, by weight; what has no value yet counts as 0."""
        total = sum(one.target.weight_bp * min(one.attained_bp or 0, 10_000) for one in self.results)
        return total // 1_000_000


def contracts_with_results(user: User, today: date) -> list[OwnContract]:
    """Return the user's contracts as party B that are not closed, newest period first, with results."""
    if not user.person_id:
        return []
    rows = Contract.objects.filter(person=user.person_id).exclude(state=Contract.State.CLOSED)
    contracts = list(rows.select_related("period", "unit", "party_a", "person").order_by("-period__from_on", "-id")[:6])
    results = results_by_contract(contracts, today=today)
    may_report = rights.allowed(user, REPORT)
    return [
        _own(contract, results.get(contract.pk, []), today, report=may_report and contract.is_in_force)
        for contract in contracts
    ]


def _own(contract: Contract, results: list[Result], today: date, *, report: bool) -> OwnContract:
    period = contract.period
    span = Span(period.pk, None, period.from_on, period.until_on)
    return OwnContract(contract, results, points_of(results), elapsed_bp(span, today) // 100, report)


def open_tasks(user: User) -> tuple[list[Action], list[Action]]:
    """Return the actions that a user owes and those the user has to check, the most urgent first: two queries."""
    if not user.person_id:
        return [], []
    rows = Action.objects.select_related("owner", "checker").order_by("due_on", "id")
    owed = rows.filter(owner=user.person_id, state=Action.State.OPEN)[:SHOWN]
    return list(owed), list(rows.filter(checker=user.person_id, state=Action.State.DONE)[:SHOWN])
