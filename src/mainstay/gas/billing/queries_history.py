"""An account's months: what was used and what it cost, two years and the year before to compare with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Sum

from mainstay.gas.billing.models import Bill, ChargeLine
from mainstay.gas.customers.models import Account
from mainstay.gas.readings.models import Reading
from mainstay.kit.dates import add_months

MONTHS, YEAR = 24, 12
_MEASURED = (ChargeLine.Kind.GAS, ChargeLine.Kind.ALLOWANCE, ChargeLine.Kind.ENERGY)


@dataclass(frozen=True, slots=True)
class Month:
    """A period of an account: litres by tier (0: flat price or free volume), fen, and whether a reading is an estimate.

    `before_l` is what the same period of the year before used; None when it has no bill.
    """

    period: int
    by_tier: dict[int, int]
    amount_fen: int
    estimated: bool
    before_l: int | None
    billed: bool

    @property
    def volume_l(self) -> int:
        """All tiers together."""
        return sum(self.by_tier.values())


def history_of(account: Account, until: int | None = None) -> list[Month]:
    """The two years up to a period (unless told, that of the newest bill), oldest first; empty without a bill.

    Four statements. What was cancelled or corrected is netted, so a month says what holds.
    """
    if until is None:
        newest = Bill.objects.filter(account=account, kind__in=Bill.OF_GAS).order_by("-period").first()
        if newest is None:
            return []
        until = newest.period
    first = add_months(until, 1 - MONTHS - YEAR)
    of = {"account": account, "period__gte": first, "period__lte": until}
    bills = Bill.objects.filter(**of, kind__in=Bill.OF_GAS).order_by().values_list("period")
    amounts = dict(bills.annotate(fen=Sum("amount_fen")))
    volumes: dict[int, dict[int, int]] = defaultdict(dict)
    lines = ChargeLine.objects.filter(**of, kind__in=_MEASURED).order_by().values_list("period", "tier")
    for period, tier, litres in lines.annotate(litres=Sum("volume_l")):
        if litres:
            volumes[period][tier] = litres
    guessed = set(
        Reading.objects.filter(**of, state=Reading.State.ACCEPTED, source=Reading.Source.ESTIMATE)
        .values_list("period", flat=True)
    )  # fmt: skip
    return [_month(add_months(until, back), amounts, volumes, guessed) for back in range(1 - MONTHS, 1)]


def _month(period: int, amounts: dict[int, int], volumes: dict[int, dict[int, int]], guessed: set[int]) -> Month:
    before = period - 100
    return Month(
        period, dict(sorted(volumes.get(period, {}).items())), amounts.get(period, 0), period in guessed,
        sum(volumes.get(before, {}).values()) if before in amounts else None, period in amounts,
    )  # fmt: skip
