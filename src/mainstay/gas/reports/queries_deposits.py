"""Deposits held on a day, by account: how much, since when, for which contract. As the ledger says."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Case, F, Q, When

from mainstay.gas.accounts.models import Contract
from mainstay.gas.customers.models import Account
from mainstay.gas.ledger import chart
from mainstay.gas.ledger.models import Posting
from mainstay.gas.reports.queries import Units
from mainstay.gas.reports.rules import layers


@dataclass(frozen=True, slots=True)
class Held:
    """A deposit held: its parts as (day it came, fen), the oldest first, and the contract it belongs to, if any."""

    account: Account
    contract: Contract | None
    parts: list[tuple[dt.date, int]]

    @property
    def fen(self) -> int:
        """All that is held."""
        return sum(fen for _day, fen in self.parts)

    @property
    def since(self) -> dt.date:
        """The day from which the oldest part has been held."""
        return self.parts[0][0]


def deposits_held(units: Units, on: dt.date) -> list[Held]:
    """Deposits of the branches' accounts on a day, the longest held first. Three statements."""
    code = chart.DEPOSITS
    rows = Posting.objects.filter(Q(debit=code) | Q(credit=code), business_on__lte=on).exclude(account_id=0)
    signed = rows.annotate(fen=Case(When(credit=code, then=F("amount_fen")), default=-F("amount_fen")))
    moves: dict[int, list[tuple[dt.date, int]]] = defaultdict(list)
    for account_id, day, fen in signed.order_by("business_on").values_list("account_id", "business_on", "fen"):
        moves[account_id].append((day, fen))
    parts = {account_id: left for account_id, ones in moves.items() if (left := layers(ones))}
    accounts = Account.objects.filter(pk__in=parts).select_related("customer", "unit")
    contracts: dict[int, Contract] = {}
    for one in Contract.objects.filter(account__in=parts, signed_on__lte=on).order_by("from_on", "pk"):
        contracts[one.account_id] = one
    found = [
        Held(account, contracts.get(account.pk), parts[account.pk])
        for account in (accounts if units is None else accounts.filter(unit__in=units))
    ]
    return sorted(found, key=lambda one: (one.since, one.account.account_no))
