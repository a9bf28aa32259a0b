"""The chain of an account's bills: which are live, what they come to together, what follows from a change."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db import connection

from mainstay.gas.billing import rules
from mainstay.gas.billing.batch import PlanBook, Rated, Usage, rate_usage
from mainstay.gas.billing.models import Bill, BillingRun, ChargeLine
from mainstay.gas.customers.models import Account
from mainstay.gas.readings.models import Book
from mainstay.kit.sqlkit import ids_table

BASE_KINDS = {Bill.Kind.REGULAR, Bill.Kind.FINAL, Bill.Kind.REBILL}
Counter = tuple[date, int] | None
"""(start of a tariff year, litres used in it); None before the first bill."""
Row = TypeVar("Row", Bill, ChargeLine)


@dataclass(frozen=True, slots=True)
class Live:
    """A period that is billed: the bill that holds, its corrections, and their lines netted."""

    base: Bill
    last: Bill
    lines: tuple[rules.Line, ...]
    seqs: tuple[int, ...] = ()

    @property
    def amount_fen(self) -> int:
        """What the period comes to with its corrections."""
        return rules.totals(self.lines)[0]


class Groups(dict[int, str]):
    """The reading group of a book is its cycle; each book is asked for once."""

    def __missing__(self, book_id: int) -> str:
        self[book_id] = str(Book.objects.values_list("cycle", flat=True).get(pk=book_id))
        return self[book_id]


def group_of(book_id: int) -> str:
    """The reading group of a book: its cycle."""
    return Groups()[book_id]


class Chain:
    """All bills of one account from a period on, read in three statements; lock the account first when you will write.

    `Chain.of_many` reads those of many accounts in as many statements.
    """

    def __init__(self, account: Account, since: int, plans: PlanBook) -> None:
        facts = _Facts.read([account.pk], since)
        self._fill(account, plans, Groups(), facts)

    @classmethod
    def of_many(cls, accounts: Collection[Account], since: int, plans: PlanBook, groups: Groups) -> list[Chain]:
        """The chains of some hundreds of accounts."""
        facts = _Facts.read([account.pk for account in accounts], since)
        found = []
        for account in accounts:
            chain = cls.__new__(cls)
            chain._fill(account, plans, groups, facts)
            found.append(chain)
        return found

    def _fill(self, account: Account, plans: PlanBook, groups: Groups, facts: _Facts) -> None:
        self.account, self.plans, self.groups = account, plans, groups
        self.bills = facts.bills.get(account.pk, [])
        self.before = facts.before.get(account.pk)
        versions = {key: on for (_plan, on), key in plans.version_ids.items()}
        self._lines: dict[tuple[int, int], list[rules.Line]] = {}
        for one in facts.lines.get(account.pk, ()):
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
        return Live(base, parts[-1], tuple(lines), tuple(part.seq for part in parts))

    def version_ids(self, bill: Bill) -> set[int]:
        """The tariff versions that the lines of a bill name."""
        plan_id = bill.version.plan_id
        lines = self._lines.get((bill.period, bill.seq), ())
        return {self.plans.version_id(plan_id, line.version_on) for line in lines}

    def periods(self, since: int) -> list[int]:
        """Periods from one on with any bill, live or cancelled, in order."""
        return sorted({bill.period for bill in self.bills if bill.period >= since})

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

    def counter_before(self, period: int) -> Counter:
        """(tariff year, volume used in it) after everything before `period`."""
        earlier = [bill for bill in self.bills if bill.period < period]
        return (earlier[-1].year_start_on, earlier[-1].year_after_l) if earlier else self.before

    def again(self, live: Live, counter: Counter) -> Rated:
        """Rate a live bill's own usage anew after another counter. Raises TariffError."""
        bill = live.base
        return rate_usage(
            self.plans,
            Usage(
                bill.version.plan_id, bill.from_on, bill.to_on, bill.volume_l, bill.persons, bill.low_income,
                bill.heating, bill.contract_price_e4, self.account.used_since, None, counter,
                self.groups[bill.book_id],
            ),
        )  # fmt: skip


def hidden_run(bill: Bill) -> int | None:
    """The run of a bill that customers do not see yet: what is appended to it stays hidden with it."""
    waiting = {BillingRun.State.RUNNING, BillingRun.State.COMPUTED}
    return bill.run_id if bill.run_id is not None and bill.run is not None and bill.run.state in waiting else None


@dataclass(frozen=True, slots=True)
class _Facts:
    """What chains are made of, by account."""

    bills: dict[int, list[Bill]]
    lines: dict[int, list[ChargeLine]]
    before: dict[int, tuple[date, int]]

    @classmethod
    def read(cls, account_ids: list[int], since: int) -> _Facts:
        of = {"account__in": account_ids, "period__gte": since}
        bills = Bill.objects.filter(**of).select_related("version", "run").order_by("account_id", "period", "seq")
        lines = ChargeLine.objects.filter(**of).order_by("account_id", "period", "seq", "line")
        return cls(_by_account(bills), _by_account(lines), _counters(account_ids, since))


def _by_account(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(row)
    return found


def _counters(account_ids: list[int], before: int) -> dict[int, tuple[date, int]]:
    """The counters after the last bill before a period."""
    wanted, parameters = ids_table("wanted", account_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {wanted} SELECT w.id, b.year_start_on, b.year_after_l FROM wanted w "  # noqa: S608
            "JOIN billing_bill b ON b.account_id = w.id AND (b.period, b.seq) = (SELECT x.period, x.seq "
            "FROM billing_bill x WHERE x.account_id = w.id AND x.period < %s "
            "ORDER BY x.period DESC, x.seq DESC LIMIT 1)",
            [*parameters, before],
        )
        rows = cursor.fetchall()
    return {
        int(account_id): (on if isinstance(on, date) else date.fromisoformat(on), int(volume))
        for account_id, on, volume in rows
    }
