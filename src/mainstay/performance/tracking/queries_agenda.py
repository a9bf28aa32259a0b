"""The agenda of a session, made from the data: last commitments, results, gap, cause, what comes next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from mainstay.performance.plans.models import Contract, Target
from mainstay.performance.tracking.models import Action, Report, Seat, Session
from mainstay.performance.tracking.queries import Result, results_of


@dataclass
class Item:
    """One reporter's part of the agenda."""

    seat: Seat
    report: Report | None = None
    promised: list[Action] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    open_actions: list[Action] = field(default_factory=list)
    decisions: list[Action] = field(default_factory=list)

    @property
    def gaps(self) -> list[Result]:
        """The results that are behind what should be by now."""
        return [one for one in self.results if one.light == "behind"]

    @property
    def kept(self) -> int:
        """How many of the last commitments are done."""
        return sum(one.state in (Action.State.DONE, Action.State.VERIFIED) for one in self.promised)


def agenda_of(session: Session, today: date) -> list[Item]:
    """Return the agenda in the order of the seats: seven queries whatever the number of reporters."""
    seats = list(session.seats.filter(reports=True).select_related("person", "report"))
    items = {seat.person_id: Item(seat, getattr(seat, "report", None)) for seat in seats}
    if session.previous_id:
        for task in _tasks(items, session=session.previous_id):
            items[task.owner_id].promised.append(task)
    for task in _tasks(items, session=session.pk):
        items[task.owner_id].decisions.append(task)
    others = _tasks(items, state=Action.State.OPEN).exclude(session__in=[session.pk, session.previous_id or 0])
    for task in others.order_by("due_on"):
        items[task.owner_id].open_actions.append(task)
    for person, results in results_by_person(list(items), session, today).items():
        items[person].results = results
    return list(items.values())


def _tasks(items: dict[int, Item], **facts: Any) -> QuerySet[Action]:
    return Action.objects.filter(owner__in=list(items), **facts).select_related("owner", "checker")


def results_by_person(people: Sequence[int], session: Session, today: date) -> dict[int, list[Result]]:
    """Return what people have reached of their signed contracts that touch the period of the session.

    Of several contracts of a person the one with the shortest period counts.
    """
    span = session.period
    contracts = Contract.objects.binding().filter(
        person__in=people, period__from_on__lte=span.until_on, period__until_on__gte=span.from_on
    )
    chosen: dict[int, Contract] = {}
    for contract in contracts.select_related("period").order_by("-period__from_on", "period__until_on", "kind"):
        chosen.setdefault(contract.person_id, contract)
    rows = Target.objects.filter(contract__in=chosen.values())
    targets = list(rows.select_related("indicator", "contract__period").order_by("contract", "position", "id"))
    found: dict[int, list[Result]] = defaultdict(list)
    for result in results_of(targets, today=today):
        found[result.target.contract.person_id].append(result)
    return dict(found)
