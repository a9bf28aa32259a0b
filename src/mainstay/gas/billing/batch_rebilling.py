"""Cancelling and billing again by sets: some hundreds of accounts a transaction, which may be killed at any moment.

Counting and working make the same elements from the same code; counting writes only what they come to. Most accounts
are made by a handful of statements (`batch.again`); what those cannot say is made account by account (`remake`) in the
same transaction. An account's row says whether it is done and commits together with its bills: started again, the work
goes on with what is left, and no bill is reversed twice. So commits need not wait for the disk, as in a billing run;
the last one, which makes the rebilling done, does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from django.utils import timezone

from mainstay.gas.billing.batch import PlanBook, write_bills
from mainstay.gas.billing.batch.again import Again
from mainstay.gas.billing.batch.again import Wanted as WantedBySets
from mainstay.gas.billing.batch.again_post import count_part, post
from mainstay.gas.billing.batch.chunk import is_nobodys_fault
from mainstay.gas.billing.batch.run import fast_commits, turns_of_writers, wait_for_the_disk
from mainstay.gas.billing.batch.sql import Statements, statements
from mainstay.gas.billing.batch_accruals import take_up
from mainstay.gas.billing.chain import BASE_KINDS, Chain, Groups
from mainstay.gas.billing.models import Bill, OpenItem, Rebilling, RebillingRow
from mainstay.gas.billing.queries_days import refuse_closed_day
from mainstay.gas.billing.remake import DUE_DAYS, Made, Remaking, Source, sources
from mainstay.gas.customers.models import Account
from mainstay.gas.tariffs.batch import put_terms, with_plan
from mainstay.gas.tariffs.models import Terms
from mainstay.kit.dates import local_today, period_of
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import among, lock_many, refresh_statistics, round_trip, vendor

AT_ONCE = 1_000  # accounts of a transaction: on SQLite a counter that wants to write waits for one
MANY = 1_000
ALONE_AT_ONCE = 200  # of those that are made account by account
Report = Callable[[int, int], None]
State, RowState = Rebilling.State, RebillingRow.State
_SUMS = ("bills", "old_fen", "new_fen", "other_fen", "paid_fen")

_BOOKS = "AND b.book_id IN (SELECT x.book_id FROM billing_rebilling_books x WHERE x.rebilling_id = %(id)s)"
_VERSION = """AND (b.version_id = %(version)s OR EXISTS (SELECT 1 FROM billing_chargeline l
    WHERE l.account_id = b.account_id AND l.period = b.period AND l.seq = b.seq AND l.version_id = %(version)s))"""
_CHOOSE = """
    INSERT INTO billing_rebillingrow (rebilling_id, account_id, state, bills, old_fen, new_fen, other_fen, paid_fen,
        size_fen, detail)
    SELECT %(id)s, b.account_id, 'planned', 0, 0, 0, 0, 0, 0, '' FROM billing_bill b
    JOIN organisation_unit u ON u.id = b.unit_id
    WHERE b.period BETWEEN %(first)s AND %(last)s AND b.kind IN (1, 2, 4) AND u.path LIKE %(path)s {more}
    GROUP BY b.account_id
    ON CONFLICT (rebilling_id, account_id) DO NOTHING"""


def choose(one: Rebilling) -> int:
    """Fill the rows with the accounts that have a bill of those chosen; returns how many. One statement."""
    facts: dict[str, str | int | None] = {
        "id": one.pk, "first": one.from_period, "last": one.to_period, "path": f"{one.unit.path}%",
        "version": one.version_id, "run": one.run_id,
    }  # fmt: skip
    more = _BOOKS if one.books.exists() else ""
    more += " AND b.run_id = %(run)s" if one.run_id else ""
    more += _VERSION if one.version_id else ""
    with connection.cursor() as cursor:
        cursor.execute(_CHOOSE.format(more=more), facts)
        chosen = int(cursor.rowcount)
    if vendor() == "postgresql" and chosen > MANY:  # its planner would take the new rows for a handful
        refresh_statistics("billing_rebillingrow")
    return chosen


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which bills of an account a rebilling takes: those that hold, or those cancelled and not billed since."""

    one: Rebilling
    books: frozenset[int]

    def periods(self, chain: Chain) -> set[int]:
        """The periods whose last bill is one of those chosen."""
        found = set()
        for period in chain.periods(self.one.from_period):
            bases = [bill for bill in chain.bills if bill.period == period and bill.kind in BASE_KINDS]
            if bases and period <= self.one.to_period and self._fits(chain, bases[-1]):
                found.add(period)
        return found

    def _fits(self, chain: Chain, bill: Bill) -> bool:
        one, live = self.one, chain.live(bill.period)
        if (live is None) != (one.mode == Rebilling.Mode.BILL):
            return False
        versions = {bill.version_id, *chain.version_ids(bill)} if one.version_id else set()
        return (
            (not self.books or bill.book_id in self.books)
            and (one.run_id is None or bill.run_id == one.run_id)
            and (one.version_id is None or one.version_id in versions)
        )


@dataclass(slots=True)
class Done:
    """What one account comes to: its elements, its terms where they change, or why it cannot be billed."""

    account_id: int
    made: Made | None = None
    terms: Sequence[Terms] = ()
    problem: str = ""


class Work:
    """A rebilling with what all its accounts share."""

    def __init__(self, one: Rebilling, cursor: Statements) -> None:
        self.one, self.plans, self.groups = one, PlanBook(), Groups()
        self.wanted = Wanted(one, frozenset(one.books.values_list("pk", flat=True)))
        self.again = Again(cursor, self._by_sets(), self.plans)

    def _by_sets(self) -> WantedBySets:
        one = self.one
        return WantedBySets(
            one.pk, one.mode, one.from_period, one.to_period, one.business_on,
            one.business_on + timedelta(days=DUE_DAYS), one.reason, period_of(local_today()),
            of_books=bool(self.wanted.books), run=one.run_id, version=one.version_id, plan=one.plan_id,
        )  # fmt: skip

    def made(self, account_ids: Collection[int]) -> list[Done]:
        """What some hundreds of accounts come to, in a fixed number of statements."""
        one = self.one
        accounts = list(Account.objects.filter(pk__in=account_ids).select_related("premise").order_by("pk"))
        chains = Chain.of_many(accounts, one.from_period, self.plans, self.groups)
        found = sources(account_ids, one.from_period, one.to_period)
        return [self._one(chain, found[chain.account.pk]) for chain in chains]

    def _one(self, chain: Chain, source: Source) -> Done:
        chosen = self.wanted.periods(chain)
        done = Done(chain.account.pk)
        if not chosen:
            return done
        if self.one.plan is not None and source.terms:
            first = min(bill.from_on for bill in chain.bills if bill.period == min(chosen))
            done.terms = with_plan(source.terms, self.one.plan, first)
            source = Source(source.readings, done.terms)
        remaking = Remaking(chain, source, self.one.business_on, self.one.reason)
        try:
            done.made = remaking.walk(chosen, again=self.one.mode != Rebilling.Mode.CANCEL)
        except Problem as problem:
            done.problem = str(problem)[:200]
        return done


def count(one: Rebilling, report: Report) -> None:
    """Reckon what a rebilling comes to; nothing is billed. May be started again."""
    RebillingRow.objects.filter(rebilling=one).update(state=RowState.PLANNED)
    total, done = RebillingRow.objects.filter(rebilling=one).count(), 0
    with _fast(), statements() as cursor, closing(turns_of_writers()) as turns:
        work = Work(one, cursor)
        for ids in _parts(one):
            with transaction.atomic():
                for part in _alone(count_part(work.again, ids, RowState.PLANNED)):
                    _put_rows(work, work.made(part), after=RowState.PLANNED.value)
            done += len(ids)
            report(done, total)
            turns.give()
    rows = RebillingRow.objects.filter(rebilling=one, state=RowState.PLANNED)
    sums = rows.aggregate(**{name: Sum(name, default=0) for name in _SUMS})
    Rebilling.objects.filter(pk=one.pk, state=State.COUNTING).update(
        **sums, accounts=rows.count(), state=State.PROPOSED
    )


def work(one: Rebilling, report: Report) -> None:
    """Reverse and bill again what is not done yet; started again it goes on with the accounts that are left."""
    rows = RebillingRow.objects.filter(rebilling=one).exclude(state=RowState.NOTHING)
    total = rows.count()
    done = total - rows.filter(state=RowState.PLANNED).count()
    with _fast(), statements() as cursor, closing(turns_of_writers()) as turns:
        working = Work(one, cursor)
        for ids in _parts(one):
            _write_part(working, ids)
            done += len(ids)
            report(done, total)
            turns.give()


@contextmanager
def _fast() -> Iterator[None]:
    """Commits do not wait for the disk, and PostgreSQL looks up by keys.

    A part goes through the tables in the order of their keys, so what it looks up lies together; the planner, who takes
    look-ups for jumps over the disk, would rather read a middling table as a whole for each part.
    """
    with fast_commits():
        if vendor() != "postgresql" or connection.in_atomic_block:
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SET random_page_cost = 0.1")
            try:
                yield
            finally:
                cursor.execute("RESET random_page_cost")


def _parts(one: Rebilling) -> Iterator[list[int]]:
    """The accounts to do, some hundreds at a time in their order."""
    last = 0
    while True:
        rows = RebillingRow.objects.filter(rebilling=one, state=RowState.PLANNED, account__gt=last)
        part = list(rows.order_by("account_id").values_list("account_id", flat=True)[:AT_ONCE])
        if not part:
            return
        yield part
        last = part[-1]


def _alone(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Those that sets leave over, in portions."""
    for first in range(0, len(ids), ALONE_AT_ONCE):
        yield ids[first : first + ALONE_AT_ONCE]


def _write_part(work: Work, ids: list[int]) -> None:
    """One transaction; when the database refuses, halves, until the one it refuses is alone and named."""
    try:
        with transaction.atomic():
            _write(work, ids)
    except DatabaseError as error:
        work.again.forget()
        if is_nobodys_fault(error):
            raise
        if len(ids) > 1:
            middle = len(ids) // 2
            _write_part(work, ids[:middle])
            _write_part(work, ids[middle:])
            return
        row = RebillingRow.objects.filter(rebilling=work.one, account__in=ids)
        row.update(state=RowState.FAILED, detail=str(error).strip()[:200])
    except BaseException:
        work.again.forget()
        raise


def _write(work: Work, ids: list[int]) -> None:
    one = work.one
    chosen, numbers = among("id", ids)
    units = round_trip([(f"SELECT DISTINCT unit_id FROM customers_account WHERE {chosen}", numbers)])[0]  # noqa: S608
    refuse_closed_day({unit_id for (unit_id,) in units}, one.business_on)
    lock_many("account", ids)
    take_up(ids, one.business_on)
    for part in _alone(post(work.again, ids, RowState.DONE)):
        _write_alone(work, part)


def _write_alone(work: Work, ids: Sequence[int]) -> None:
    """The same account by account, for accounts that are locked."""
    found = work.made(ids)
    put_terms({done.account_id: done.terms for done in found if done.made and done.terms})
    paid = _paid(found)  # before the reversals use it
    drafts = [draft for done in found if done.made for draft in done.made.drafts]
    if drafts:
        write_bills(drafts, work.plans)
    _put_rows(work, found, after=RowState.DONE.value, paid=paid)


_ROW = "WHERE rebilling_id = %s AND account_id = %s"
_SETTLED = f"UPDATE billing_rebillingrow SET state = %s, detail = %s {_ROW}"  # noqa: S608
_MADE = f"""
    UPDATE billing_rebillingrow SET state = %s, detail = '', bills = %s, old_fen = %s, new_fen = %s, other_fen = %s,
        paid_fen = %s, size_fen = %s {_ROW}"""  # noqa: S608


def _put_rows(work: Work, found: Sequence[Done], *, after: str, paid: dict[int, int] | None = None) -> None:
    """Write into the rows what their accounts come to."""
    paid = _paid(found) if paid is None else paid
    settled, rows = [], []
    for done in found:
        key, made = (work.one.pk, done.account_id), done.made
        if made is None:
            state = RowState.FAILED if done.problem else RowState.NOTHING
            settled.append((state.value, done.problem, *key))
        else:
            size = abs(made.new_fen - made.old_fen + made.other_fen)
            sums = (made.bills, made.old_fen, made.new_fen, made.other_fen, paid.get(done.account_id, 0), size)
            rows.append((after, *sums, *key))
    work.again.cursor.executemany(_SETTLED, settled)
    work.again.cursor.executemany(_MADE, rows)


def _paid(found: Iterable[Done]) -> dict[int, int]:
    """What is paid of the bills that hold no longer, by account in fen: what they came to less what is open of them."""
    undone = {(done.account_id, *key) for done in found if done.made for key in done.made.undone}
    sums = {done.account_id: done.made.old_fen for done in found if done.made}
    items = OpenItem.objects.filter(account__in=list(sums)).values_list("account_id", "period", "seq", "open_fen")
    for account_id, period, seq, open_fen in items:
        if (account_id, period, seq) in undone:
            sums[account_id] -= open_fen
    return sums


def finish(one: Rebilling) -> bool:
    """State the totals of a rebilling whose accounts are all done; returns whether they are. Harmless to repeat."""
    with transaction.atomic():
        wait_for_the_disk()
        locked = Rebilling.objects.select_for_update().get(pk=one.pk)
        rows = RebillingRow.objects.filter(rebilling=one)
        if locked.state != State.WORKING or rows.filter(state=RowState.PLANNED).exists():
            return locked.state == State.DONE
        done = rows.filter(state=RowState.DONE)
        sums = done.aggregate(**{name: Sum(name, default=0) for name in _SUMS})
        Rebilling.objects.filter(pk=one.pk).update(
            **sums, accounts=done.count(), state=State.DONE, done_at=timezone.now()
        )
        return True
