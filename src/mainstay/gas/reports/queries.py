"""Figures of the gas business by sets: the number of statements does not follow the number of accounts or branches.

What a run billed is read off its chunks, not off millions of bills; what is still owed is read off the open items,
which hold unpaid bills only.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right, rights
from mainstay.core.organisation.models import Unit
from mainstay.gas.billing.models import Accrual, Bill, BillingRun, OpenItem, Owed, RunChunk
from mainstay.gas.customers.models import Account
from mainstay.gas.payments.models import Payment
from mainstay.gas.readings.models import Book, BookEntry, Reading
from mainstay.gas.reports.rules import AGES, Age

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW = register_right("gas.reports.view_reports", _("View reports"))
Units = list[int] | None
LIVE = ("active", "suspended")


def units_of(user: User) -> Units:
    """Ids of the units a person sees reports of; None is the whole company."""
    ids = rights.unit_ids(user, VIEW)
    return None if ids is None else list(ids)


def names_of(unit_ids: Iterable[int]) -> dict[int, Unit]:
    """Units by id, in the order of the organisation."""
    return {unit.pk: unit for unit in Unit.objects.filter(pk__in=set(unit_ids)).order_by("path")}


def _within(rows: QuerySet[Any], units: Units, column: str) -> QuerySet[Any]:
    return rows if units is None else rows.filter(**{f"{column}__in": units})


# ---------------------------------------------------------------- readings


@dataclass(frozen=True, slots=True)
class Read:
    """How far a branch's reading is in a period, in accounts (抄表率 = really read ÷ to read; no estimates)."""

    accounts: int = 0
    read: int = 0
    estimated: int = 0
    questioned: int = 0

    @property
    def really(self) -> int:
        """Read without the estimates among them."""
        return self.read - self.estimated

    @classmethod
    def together(cls, ones: Iterable[Read]) -> Read:
        """Several branches added up."""
        rows = list(ones)
        return cls(*(sum(getattr(one, name) for one in rows) for name in cls.__slots__))


def reading_by_unit(units: Units, period: int) -> dict[int, Read]:
    """Accounts to read, read, estimated and questioned by branch. Two statements.

    A reading counts where its account still stands in the book that is due: who left is neither to read nor read.
    """
    cycles = [Book.Cycle.MONTHLY, Book.Cycle.ODD if period % 2 else Book.Cycle.EVEN]
    due = BookEntry.objects.filter(account__state__in=LIVE, book__cycle__in=cycles)
    entries = _within(due, units, "book__unit")
    accounts = dict(entries.values_list("book__unit").annotate(n=Count("pk")).order_by())
    state, source = Reading.State, Reading.Source
    found = (
        _within(Reading.objects.filter(period=period, book__isnull=False), units, "book__unit")
        .filter(account__book_entry__book=F("book"), book__cycle__in=cycles)
        .values("book__unit")
        .annotate(
            read=Count("account", distinct=True, filter=Q(state=state.ACCEPTED)),
            estimated=Count("account", distinct=True, filter=Q(state=state.ACCEPTED, source=source.ESTIMATE)),
            questioned=Count("account", distinct=True, filter=Q(state=state.QUESTIONED)),
        )
        .order_by()
    )
    reads = {row.pop("book__unit"): row for row in found}
    return {unit: Read(accounts.get(unit, 0), **reads.get(unit, {})) for unit in {*accounts, *reads}}


# ---------------------------------------------------------------- billing and collection


@dataclass(frozen=True, slots=True)
class Collected:
    """What gas was billed for a period and what of it is still open, in fen (收费率 = collected ÷ billed).

    Late fees are not gas and count nowhere here. Bad debt was billed and is neither open nor collected: writing a bill
    off does not better the rate. `bills` counts those that hold.
    """

    bills: int = 0
    billed_fen: int = 0
    open_fen: int = 0
    written_off_fen: int = 0

    @classmethod
    def together(cls, ones: Iterable[Collected]) -> Collected:
        """Several branches or periods added up."""
        rows = list(ones)
        return cls(*(sum(getattr(one, name) for one in rows) for name in cls.__slots__))

    @property
    def collected_fen(self) -> int:
        """Paid, settled from advances or netted with credits."""
        return self.billed_fen - self.open_fen - self.written_off_fen


def collected_by_unit(units: Units, period: int) -> dict[int, Collected]:
    """What the branches billed and collected of a period. Four statements."""
    return {unit: found for (unit, _period), found in collected(units, [period]).items()}


def collected_by_period(units: Units, periods: list[int]) -> dict[int, Collected]:
    """The same added up by period, for periods in a row."""
    found = collected(units, periods)
    return {
        period: Collected.together(one for (_unit, month), one in found.items() if month == period)
        for period in periods
    }


def collected(units: Units, periods: list[int]) -> dict[tuple[int, int], Collected]:
    """By (branch, period): the runs' chunks, bills made one by one (both have their index), and what is open."""
    released, kind = BillingRun.State.RELEASED, Bill.Kind
    chunks = _within(RunChunk.objects.filter(run__period__in=periods, run__state=released), units, "book__unit")
    by_run = chunks.values_list("book__unit", "run__period").annotate(n=Sum("bills"), fen=Sum("amount_fen")).order_by()
    single = _within(Bill.objects.filter(period__in=periods, run=None), units, "unit").values_list("unit", "period")
    by_hand = single.annotate(
        n=Count("seq", filter=Q(kind__in=[kind.REGULAR, kind.FINAL, kind.REBILL]))
        - Count("seq", filter=Q(kind=kind.REVERSAL)),
        fen=Sum("amount_fen", filter=Q(kind__in=Bill.OF_GAS), default=0),
        bad=Sum("amount_fen", filter=Q(kind=kind.WRITE_OFF), default=0),
    ).order_by()
    items = _within(_open_items().filter(period__in=periods), units, "account__unit")
    still = items.values_list("account__unit", "period").annotate(fen=Sum("open_fen")).order_by()
    fees = Bill.objects.filter(
        account=OuterRef("account_id"), period=OuterRef("period"), seq=OuterRef("seq"),
        kind__in=[kind.LATE_FEE, kind.WAIVER],
    )  # fmt: skip
    of_fees = still.filter(seq__gt=0).filter(Exists(fees))  # only what belongs to a bill stands behind place 0
    sums: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for unit, period, count, fen, *bad in [*by_run, *by_hand]:
        for place, value in enumerate((count, fen, 0, -sum(bad))):
            sums[unit, period][place] += value
    for sign, rows in ((1, still), (-1, of_fees)):
        for unit, period, fen in rows:
            sums[unit, period][2] += sign * fen
    return {key: Collected(*values) for key, values in sums.items()}


# ---------------------------------------------------------------- arrears


def _open_items() -> QuerySet[OpenItem]:
    """Open items of bills that can be collected: bills of a run not yet released are nobody's debt."""
    waiting = BillingRun.objects.exclude(state=BillingRun.State.RELEASED).values_list("pk", flat=True)
    hidden = list(waiting.filter(state__in=[BillingRun.State.RUNNING, BillingRun.State.COMPUTED]))
    return OpenItem.objects.exclude(run_id__in=hidden) if hidden else OpenItem.objects.all()


def _age_of(on: dt.date) -> Case:
    """The age class of an open item in SQL, as rules.age_of."""
    whens = [
        When(due_on__gte=on - dt.timedelta(days=age.last), then=Value(age.key)) for age in AGES if age.last is not None
    ]
    return Case(*whens, default=Value(AGES[-1].key), output_field=CharField())


def ageing_by_unit(units: Units, on: dt.date) -> dict[int, dict[str, tuple[int, int]]]:
    """Items and fen owed by branch and age class on a day (账龄). One statement."""
    items = _within(Owed.objects.all(), units, "account__unit").annotate(age=_age_of(on))
    found: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    rows = items.values_list("account__unit", "age").annotate(n=Count("period"), fen=Sum("open_fen")).order_by()
    for unit, age, count, fen in rows:
        found[unit][age] = (count, fen)
    return dict(found)


@dataclass(frozen=True, slots=True)
class Debtor:
    """An account that owes much."""

    account: Account
    items: int
    open_fen: int
    oldest_due_on: dt.date


def top_debtors(units: Units, limit: int = 100) -> list[Debtor]:
    """The accounts that owe most, most first. Two statements."""
    items = _within(Owed.objects.all(), units, "account__unit").values("account_id").order_by()
    sums = items.annotate(n=Count("period"), fen=Sum("open_fen"), oldest=Min("due_on")).order_by("-fen", "account_id")
    rows = [row for row in sums[:limit] if row["fen"] > 0]
    accounts = Account.objects.select_related("customer", "premise__area", "unit").in_bulk(
        [r["account_id"] for r in rows]
    )
    return [Debtor(accounts[row["account_id"]], row["n"], row["fen"], row["oldest"]) for row in rows]


def arrears(units: Units) -> QuerySet[Owed]:
    """What is owed for a list, with what it shows."""
    rows = _within(Owed.objects.all(), units, "account__unit")
    return rows.select_related("account__customer", "account__unit", "account__premise__area")


def in_order(rows: QuerySet[Owed], units: Units) -> QuerySet[Owed]:
    """What is owed, by account; in branches through the numbers of accounts, which an index holds together."""
    if units is None:
        return rows.order_by("account_id", "period", "seq", "accrued_by")
    branch = [] if len(list(units)) == 1 else ["account__unit"]
    return rows.order_by(*branch, "account__account_no", "period", "seq", "accrued_by")


def first_owing(units: Iterable[int], most: int) -> list[int]:
    """Return the keys of the first accounts of branches that owe something, in the order of `in_order`.

    Each owes one item at least, so what the first thousand and one owe begins with the first thousand and one items. A
    database that is to find these by itself reads all items of the company.
    """
    released = BillingRun.objects.filter(state=BillingRun.State.RELEASED).values("pk")
    items = OpenItem.objects.filter(Q(run_id=None) | Q(run_id__in=released), account=OuterRef("pk"))
    fees = Accrual.objects.filter(account=OuterRef("pk"))
    # Not EXISTS: of two with OR between them, PostgreSQL would read both tables whole first.
    first = Coalesce(Subquery(items.values("due_on")[:1]), Subquery(fees.values("due_on")[:1]))
    rows = Account.objects.alias(first_due=first).filter(first_due__isnull=False).order_by("account_no")
    found: list[int] = []
    for unit in Unit.objects.filter(pk__in=list(units)).order_by("path"):  # each a walk along one index
        found += rows.filter(unit=unit).values_list("pk", flat=True)[: most - len(found)]
        if len(found) >= most:
            break
    return found


def of_age(rows: QuerySet[Owed], age: Age, on: dt.date) -> QuerySet[Owed]:
    """What is owed of an age class on a day."""
    earliest, latest = age.due_between(on)
    rows = rows.filter(due_on__gte=earliest) if earliest else rows
    return rows.filter(due_on__lte=latest) if latest else rows


# ---------------------------------------------------------------- takings


@dataclass(frozen=True, slots=True)
class Taking:
    """Money received on a day by one way of paying: payments less reversals and refunds, in fen."""

    business_on: dt.date
    tender: int
    payments: int
    amount_fen: int


def takings(units: Units, from_on: dt.date, until_on: dt.date) -> list[Taking]:
    """What came in by business day and way of paying, both days inclusive. One statement over one range of days."""
    rows = _within(Payment.objects.filter(business_on__gte=from_on, business_on__lte=until_on), units, "unit")
    grouped = rows.values_list("business_on", "tender").annotate(
        n=Count("payment_no", filter=Q(kind=Payment.Kind.PAYMENT)), fen=Sum("amount_fen")
    )
    return [Taking(*row) for row in grouped.order_by("business_on", "tender")]


def latest_period(units: Units) -> int | None:
    """The newest period with released bills; None before the first."""
    runs = RunChunk.objects.filter(run__state=BillingRun.State.RELEASED)
    found = _within(runs, units, "book__unit").order_by("-run__period").values_list("run__period", flat=True).first()
    return None if found is None else int(found)
