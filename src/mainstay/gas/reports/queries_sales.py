"""Gas by month: taken in, sold, and what lies between; by tier; money by channel. All by sets."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q, Sum

from mainstay.gas.billing.models import Bill, BillingRun
from mainstay.gas.payments.models import Payment
from mainstay.gas.reports.models import Supply
from mainstay.gas.reports.queries import Units
from mainstay.gas.reports.rules import within_month
from mainstay.kit.dates import add_months, first_day, last_day

LONGEST = 3  # months that a bill may reach back: two-monthly books, read late


@dataclass(frozen=True, slots=True)
class Balance:
    """Gas of a branch in a calendar month, in litres; `taken_l` None: nobody has said."""

    taken_l: int | None
    sold_l: int

    @property
    def difference_l(self) -> int | None:
        """What came in and was not sold (购销差)."""
        return None if self.taken_l is None else self.taken_l - self.sold_l


def balance_by_unit(units: Units, period: int) -> dict[int, Balance]:
    """Gas taken in and sold by branch in a calendar month. Two statements.

    A bill's volume is spread evenly over its days, so a bill from the 25th to the 25th gives each month its share.
    """
    first, end = first_day(period), last_day(period) + dt.timedelta(days=1)
    supplied = Supply.objects.filter(period=period)
    bills = Bill.objects.filter(
        period__gte=period, period__lte=add_months(period, LONGEST), from_on__lt=end, to_on__gt=first,
        kind__in=Bill.OF_GAS,
    )  # fmt: skip
    if units is not None:
        supplied, bills = supplied.filter(unit__in=units), bills.filter(unit__in=units)
    sold: dict[int, int] = defaultdict(int)
    for unit, from_on, to_on, volume in (
        bills.values_list("unit", "from_on", "to_on").annotate(l=Sum("volume_l")).order_by()
    ):
        sold[unit] += within_month(from_on, to_on, volume, first, end)
    taken = dict(supplied.values_list("unit", "volume_l"))
    return {unit: Balance(taken.get(unit), sold.get(unit, 0)) for unit in {*taken, *sold}}


BESIDE = -1  # what stands on bills beside the price of gas: fees, free volume, tax, rounding


@dataclass(frozen=True, slots=True)
class Tier:
    """What was billed in a tier: accounts that touch it, litres, fen. Tier 0 has no steps, BESIDE is in no tier."""

    tier: int
    bills: int
    volume_l: int
    amount_fen: int


_TIERS = """
    SELECT CASE WHEN l.kind IN (1, 5) THEN l.tier ELSE {beside} END AS place,
        count(DISTINCT CASE WHEN l.volume_l > 0 OR l.kind NOT IN (1, 5) THEN b.account_id END), sum(l.volume_l),
        sum(l.amount_fen)
    FROM billing_bill b
    JOIN billing_chargeline l ON l.account_id = b.account_id AND l.period = b.period AND l.seq = b.seq
    JOIN customers_account a ON a.id = b.account_id
    WHERE b.period = %s AND (b.run_id IS NULL {runs}) AND b.kind IN (1, 2, 3, 4, 5)
    {units} {category} GROUP BY place ORDER BY place"""


def by_tier(units: Units, period: int, category: str = "") -> list[Tier]:
    """What was billed for a period by tier (阶梯分布), of one class of customers or all. Two statements.

    The tiers in their order, then what stands on the same bills BESIDE them.
    """
    runs = list(BillingRun.objects.filter(period=period, state=BillingRun.State.RELEASED).values_list("pk", flat=True))
    marks = ", ".join(["%s"] * len(runs))
    parameters: list[Any] = [period, *runs]
    statement = _TIERS.replace("{runs}", f"OR b.run_id IN ({marks})" if runs else "").replace("{beside}", str(BESIDE))
    if units is None:
        statement = statement.replace("{units}", "")
    else:
        statement = statement.replace("{units}", f"AND b.unit_id IN ({', '.join(['%s'] * len(units)) or 'NULL'})")
        parameters += units
    statement = statement.replace("{category}", "AND a.category = %s" if category else "")
    if category:
        parameters.append(category)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    found = [Tier(int(tier), int(bills), int(volume), int(fen)) for tier, bills, volume, fen in rows if volume or fen]
    return sorted(found, key=lambda one: (one.tier == BESIDE, one.tier))


def let_and_charged(units: Units, period: int) -> list[tuple[int, int, int]]:
    """Adjustments and reductions of a period's bills: (kind of bill, accounts, fen). One statement.

    With them the tiers come to what was billed for the period (`queries.collected`).
    """
    rows = Bill.objects.filter(run=None, period=period, kind__in=[Bill.Kind.ADJUSTMENT, Bill.Kind.REDUCTION])
    rows = rows if units is None else rows.filter(unit__in=units)
    found = rows.values_list("kind").annotate(n=Count("account", distinct=True), fen=Sum("amount_fen"))
    return list(found.order_by("kind"))


@dataclass(frozen=True, slots=True)
class Mix:
    """Money that came over one channel, on one day or in a month: payments, and fen less reversals and refunds."""

    channel: str
    business_on: dt.date | None
    payments: int
    amount_fen: int


def by_channel(units: Units, period: int, channel: str = "") -> list[Mix]:
    """Money by channel in a month (渠道构成), or of one `channel` by day. One statement over one range of days."""
    rows = Payment.objects.filter(business_on__gte=first_day(period), business_on__lte=last_day(period))
    rows = rows if units is None else rows.filter(unit__in=units)
    count, fen = Count("payment_no", filter=Q(kind=Payment.Kind.PAYMENT)), Sum("amount_fen")
    if channel:
        days = rows.filter(channel=channel).values_list("business_on").annotate(n=count, fen=fen)
        return [Mix(channel, day, number, amount) for day, number, amount in days.order_by("business_on")]
    found = rows.values_list("channel").annotate(n=count, fen=fen)
    return [Mix(name, None, number, amount) for name, number, amount in found.order_by("-fen", "channel")]
