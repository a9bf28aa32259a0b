"""Pages of contracts: list, detail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.performance.plans import queries
from mainstay.performance.plans.filters import ContractFilter
from mainstay.performance.plans.states import CONTRACT
from mainstay.performance.plans.tables import ContractTable, TargetTable
from mainstay.web.pages import DetailPage, Fact, FirstUse, ListPage, Section, steps_of

LIST = "plans:contract_list"
DETAIL = "plans:contract_detail"


class ContractList(ListPage):
    """Contracts one is a party to, and those of one's units."""

    title = _("Performance contracts")
    table_class = ContractTable
    filterset_class = ContractFilter
    search_fields = ("number", "person__name")
    first_use = FirstUse(
        _("No performance contracts yet"),
        _("A contract says who answers for which targets; both sides sign it, and then it is frozen."),
    )

    def queryset(self) -> Any:
        """What this person may see."""
        return queries.contracts_for(self.request.user).order_by("-id")


class ContractDetail(DetailPage):
    """One contract with its targets."""

    def queryset(self) -> Any:
        """What this person may see."""
        return queries.contracts_for(self.request.user).select_related("signed_a_by__person", "signed_b_by__person")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Performance contracts"), reverse(LIST))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        state = CONTRACT.state(self.subject.state)
        return state.title, state.hue

    def steps(self) -> Any:
        """The way of a contract."""
        shown = {"amended": "signed", "amending": "signed"}.get(self.subject.state, self.subject.state)
        return steps_of(CONTRACT.path, shown)

    def facts(self) -> Sequence[Fact]:
        """Parties, period, signatures."""
        one = self.subject
        return [
            Fact(_("Party A"), one.party_a),
            Fact(_("Party B"), one.person),
            Fact(_("Unit"), one.unit),
            Fact(_("Period"), one.period),
            Fact(_("Signed by party A"), one.signed_a_at, "instant"),
            Fact(_("Signed by party B"), one.signed_b_at, "instant"),
            Fact(_("Version"), one.version),
            Fact(_("Content hash"), one.digest[:16] or "–", "code"),
        ]

    def sections(self) -> Sequence[Section]:
        """The targets."""
        targets = queries.targets_of(self.subject)
        return [Section(_("Targets"), table=TargetTable(targets), count=len(targets))]
