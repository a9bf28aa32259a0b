"""Deposits by how long they are held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import rights
from mainstay.gas.accounts.queries import VIEW_CONTRACT
from mainstay.gas.reports import catalogue
from mainstay.gas.reports.pages import Cell, Column, ReportPage
from mainstay.gas.reports.queries_deposits import deposits_held
from mainstay.gas.reports.rules import held_classes

_MONEY = 6  # place of the first column that adds up


class Deposits(ReportPage):
    """Deposits held on a day: since when, for which contract, by years (押金账龄)."""

    title = catalogue.DEPOSITS.title
    asks = "day"
    columns = (
        Column(_("Account number"), "code"), Column(_("Customer")), Column(_("Branch")),
        Column(_("Contract number"), "code"), Column(_("Agreed (yuan)"), "money"), Column(_("Held since"), "date"),
        Column(_("Held (yuan)"), "money"), Column(_("up to a year"), "money"), Column(_("1–2 years"), "money"),
        Column(_("2–3 years"), "money"), Column(_("over 3 years"), "money"),
    )  # fmt: skip
    hint = _(
        "What the ledger held of each customer at the end of the day asked for; what is paid back or used comes off "
        "the oldest part. Agreed is the deposit of the newest contract signed by then."
    )

    def lines(self) -> Iterable[Sequence[Cell]]:
        """A line for each account, the longest held first."""
        may = rights.allowed(self.request.user, VIEW_CONTRACT)
        for one in deposits_held(self.units, self.day):
            account, contract = one.account, one.contract
            money = reverse("customers:account_detail", args=[account.pk]) + "?section=payments"
            address = contract.get_absolute_url() if contract and may else ""
            yield [
                Cell(account.account_no, reverse("customers:account_detail", args=[account.pk])),
                Cell(account.customer.shown_name), Cell(account.unit),
                Cell(contract.number if contract else "", address), Cell(contract.deposit_fen if contract else None),
                Cell(one.since), Cell(one.fen, money), *(Cell(fen) for fen in held_classes(one.parts, self.day)),
            ]  # fmt: skip

    def total(self, lines: Sequence[Sequence[Cell]]) -> Sequence[Cell]:
        """All accounts."""
        sums: list[Any] = [Cell(sum(line[place].value for line in lines)) for place in range(_MONEY, len(self.columns))]
        return [Cell(_("Total")), *(Cell(None) for _place in range(1, _MONEY)), *sums]
