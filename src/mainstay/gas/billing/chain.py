"""The chain of an account's bills: which are live, what they come to together, what follows from a change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mainstay.gas.billing import rules
from mainstay.gas.billing.batch import PlanBook, Rated, Usage, rate_usage
from mainstay.gas.billing.models import Bill, ChargeLine
from mainstay.gas.customers.models import Account

BASE_KINDS = {Bill.Kind.REGULAR, Bill.Kind.FINAL, Bill.Kind.REBILL}


@dataclass(frozen=True, slots=True)
class Live:
    """A period that is billed: the bill that holds, its corrections, and their lines netted."""

    base: Bill
    last: Bill
    lines: tuple[rules.Line, ...]

    @property
    def amount_fen(self) -> int:
        """What the period comes to with its corrections."""
        return rules.totals(self.lines)[0]


class Chain:
    """All bills of one account from a period on, read in two statements; lock the account first when you will write."""

    def __init__(self, account: Account, since: int, plans: PlanBook) -> None:
        self.account, self.plans = account, plans
        self.bills = list(
            Bill.objects.filter(account=account, period__gte=since).select_related("version").order_by("period", "seq")
        )
        self.before = (
            Bill.objects.filter(account=account, period__lt=since).order_by("-period", "-seq").first()
        )  # fmt: skip
        versions = {key: on for (_plan, on), key in plans.version_ids.items()}
        self._lines: dict[tuple[int, int], list[rules.Line]] = {}
        for one in ChargeLine.objects.filter(account=account, period__gte=since).order_by("period", "seq", "line"):
            self._lines.setdefault((one.period, one.seq), []).append(
                rules.Line(
                    one.line, one.kind, one.tier, one.volume_l, one.price_e4, one.amount_fen, one.vat_fen,
                    versions[one.version_id], one.note,
                )
            )  # fmt: skip

    def live(self, period: int) -> Live | None:
        """What holds for a period; None when it is not billed or its bill was cancelled."""
        of_period = [bill for bill in self.bills if bill.period == period]
        cancelled = {bill.refers_seq for bill in of_period if bill.kind == Bill.Kind.REVERSAL}
        bases = [bill for bill in of_period if bill.kind in BASE_KINDS and bill.seq not in cancelled]
        if not bases:
            return None
        base = bases[-1]
        parts = [base, *(b for b in of_period if b.kind == Bill.Kind.CORRECTION and b.refers_seq == base.seq)]
        lines: list[rules.Line] = []
        for part in parts:
            lines = rules.difference([], [*lines, *self._lines.get((period, part.seq), [])])
        return Live(base, parts[-1], tuple(lines))

    def periods_after(self, period: int) -> list[int]:
        """Later periods with any bill, live or cancelled, in order."""
        return sorted({bill.period for bill in self.bills if bill.period > period})

    def last(self, period: int) -> Bill:
        """The last element of a period that has one."""
        return [bill for bill in self.bills if bill.period == period][-1]

    def taken_over_in(self, period: int) -> int:
        """Litres taken over into the counter in a period: what a card meter had sold when it was taken down."""
        of_period = [bill for bill in self.bills if bill.period == period and bill.kind == Bill.Kind.OPENING]
        return sum(bill.year_after_l - bill.year_before_l for bill in of_period)

    def next_seq(self, period: int) -> int:
        """The next free place in a period."""
        return 1 + max((bill.seq for bill in self.bills if bill.period == period), default=-1)

    def counter_before(self, period: int) -> tuple[date, int] | None:
        """(tariff year, volume used in it) after everything before `period`."""
        earlier = [bill for bill in self.bills if bill.period < period] or ([self.before] if self.before else [])
        return (earlier[-1].year_start_on, earlier[-1].year_after_l) if earlier else None

    def again(self, live: Live, counter: tuple[date, int] | None) -> Rated:
        """Rate a live bill's own usage anew after another counter. Raises TariffError."""
        bill = live.base
        return rate_usage(
            self.plans,
            Usage(
                bill.version.plan_id, bill.from_on, bill.to_on, bill.volume_l, bill.persons, bill.low_income,
                bill.heating, bill.contract_price_e4, self.account.used_since, None, counter, group_of(bill.book_id),
            ),
        )  # fmt: skip


def group_of(book_id: int) -> str:
    """The reading group of a book: its cycle."""
    from mainstay.gas.readings.models import Book

    return str(Book.objects.values_list("cycle", flat=True).get(pk=book_id))
