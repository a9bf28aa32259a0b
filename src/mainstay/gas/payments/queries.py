"""Reads about money taken: what is due, what a shift holds, what an account paid."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.queries import who_may
from mainstay.core.door import register_right, rights
from mainstay.gas.billing.batch_accruals import waiting_fees
from mainstay.gas.billing.models import Bill, BillingRun, OpenItem
from mainstay.gas.customers.models import Account
from mainstay.gas.customers.queries import search_accounts
from mainstay.gas.ledger import chart
from mainstay.gas.ledger.models import Posting
from mainstay.gas.ledger.queries import balance
from mainstay.gas.payments.counter_rules import FormCount, form_count
from mainstay.gas.payments.models import (
    Advance,
    Allocation,
    Cheque,
    DepositMove,
    Payment,
    ReceiptBook,
    ReceiptSlip,
    Shift,
)
from mainstay.gas.payments.rules import expected_cash
from mainstay.kit.money import half_up

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit

TAKE = "gas.payments.take_payment"
VIEW = register_right("gas.payments.view_payment", _("View payments"))
VIEW_SHIFTS = register_right("gas.payments.view_shift", _("View shifts of a branch"))


@dataclass(frozen=True, slots=True)
class Due:
    """One bill that is open."""

    period: int
    seq: int
    due_on: dt.date
    open_fen: int
    amount_fen: int
    volume_l: int
    from_on: dt.date
    to_on: dt.date
    kind: int = 1

    @property
    def is_late_fee(self) -> bool:
        """Whether this is a late fee rather than gas."""
        return self.kind == Bill.Kind.LATE_FEE

    @property
    def key(self) -> str:
        """How a form names the bill."""
        return f"{self.period}-{self.seq}"


def due_items(account: Account) -> list[Due]:
    """Bills of an account that can be collected, oldest due first. Credits are negative. Four queries at most.

    Late fees that a run accrued stand among them as they will once somebody pays.
    """
    items = list(OpenItem.objects.filter(account=account).order_by("due_on", "period", "seq"))
    waiting = {item.run_id for item in items if item.run_id}
    released = set(BillingRun.objects.filter(pk__in=waiting, state="released").values_list("pk", flat=True))
    shown = [item for item in items if item.run_id is None or item.run_id in released]
    wanted = Q()
    for item in shown:
        wanted |= Q(period=item.period, seq=item.seq)
    bills = {(b.period, b.seq): b for b in Bill.objects.filter(wanted, account=account)} if shown else {}
    found = [_due(item, bills[item.period, item.seq]) for item in shown]
    for fee in waiting_fees(account.pk):
        found.append(
            Due(fee.period, fee.seq, fee.due_on, fee.amount_fen, fee.amount_fen, 0, fee.from_on, fee.to_on,
                int(Bill.Kind.LATE_FEE))
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.due_on, one.period, one.seq))


def _due(item: OpenItem, bill: Bill) -> Due:
    return Due(
        item.period, item.seq, item.due_on, item.open_fen, bill.amount_fen, bill.volume_l, bill.from_on, bill.to_on,
        bill.kind,
    )  # fmt: skip


def deposit_fen(account_id: int) -> int:
    """What an account has in deposit, in fen, by the ledger."""
    return -balance(account_id, chart.DEPOSITS)


def deposit_moves(account_id: int, limit: int = 20) -> list[DepositMove]:
    """The newest movements of an account's deposit."""
    return list(DepositMove.objects.filter(account=account_id).select_related("by__person")[:limit])


def deposit_move_of(payment: Payment) -> DepositMove | None:
    """The movement of a deposit that a payment or refund belongs to."""
    return DepositMove.objects.filter(account=payment.account_id, payment_no=payment.payment_no).first()


def next_document(account_id: int, document: int) -> int:
    """The next number of a kind of ledger document of an account, which the caller holds locked."""
    rows = Posting.objects.filter(account_id=account_id, document=document)
    return int(rows.aggregate(last=Max("document_no"))["last"] or 0) + 1


def advance_fen(account_id: int) -> int:
    """The advance of an account, in fen."""
    return Advance.objects.filter(pk=account_id).values_list("balance_fen", flat=True).first() or 0


def cash_expected(shift: Shift) -> int:
    """What must be in the drawer, in fen."""
    cash = shift.payments.filter(tender=Payment.Tender.CASH).aggregate(sum=Sum("amount_fen"))["sum"]
    return expected_cash(shift.float_fen, [cash or 0])


@dataclass(frozen=True, slots=True)
class TenderSum:
    """What one way of paying brought in a shift."""

    tender: int
    taken: int
    taken_fen: int
    back: int
    back_fen: int

    @property
    def label(self) -> str:
        """Its name in the reader's language."""
        return str(Payment.Tender(self.tender).label)

    @property
    def total_fen(self) -> int:
        """Taken less paid back."""
        return self.taken_fen + self.back_fen


def shift_sums(shift: Shift) -> list[TenderSum]:
    """Counts and sums of a shift by way of paying, money paid back apart."""
    came, went = Q(amount_fen__gt=0), Q(amount_fen__lt=0)
    rows = shift.payments.order_by("tender").values("tender")
    rows = rows.annotate(
        taken=Count("payment_no", filter=came),
        taken_fen=Coalesce(Sum("amount_fen", filter=came), 0),
        back=Count("payment_no", filter=went),
        back_fen=Coalesce(Sum("amount_fen", filter=went), 0),
    )
    return [TenderSum(**row) for row in rows]


def payments_visible_to(user: User, right: str = VIEW) -> QuerySet[Payment]:
    """Payments of the branches the user may see."""
    ids = rights.unit_ids(user, right)
    rows = Payment.objects.select_related("account__customer", "shift__till", "by__person")
    return (rows if ids is None else rows.filter(unit_id__in=ids)).order_by("-at")


def shifts_visible_to(user: User) -> QuerySet[Shift]:
    """A clerk's own shifts, and those of the branches a supervisor may see."""
    rows = Shift.objects.select_related("till", "clerk__person", "accepted_by__person")
    if not rights.allowed(user, VIEW_SHIFTS):
        return rows.filter(clerk=user.pk)
    ids = rights.unit_ids(user, VIEW_SHIFTS)
    return rows if ids is None else rows.filter(Q(till__unit_id__in=ids) | Q(clerk=user.pk))


def reversal_of(payment: Payment) -> Payment | None:
    """The payment that reversed this one."""
    return Payment.objects.filter(account_id=payment.account_id, refers_no=payment.payment_no).first()


def allocations_of(payment: Payment) -> QuerySet[Allocation]:
    """Which bills a payment went to."""
    rows = Allocation.objects.filter(account_id=payment.account_id, payment_no=payment.payment_no)
    return rows.order_by("period", "seq")


def last_payments(account_id: int, limit: int = 24) -> list[Payment]:
    """The newest payments of an account."""
    rows = Payment.objects.filter(account_id=account_id).select_related("shift__till", "by__person")
    return list(rows.order_by("-payment_no")[:limit])


def find_accounts(user: User, text: str, limit: int) -> list[Account]:
    """Accounts a clerk may mean, of the branches whose money the clerk may take; customer and premise come along."""
    return search_accounts(user, text, limit, right=TAKE)


def collection_rate(unit: Unit, first: int, last: int) -> int | None:
    """What is paid of the bills of periods `first` to `last` (yyyymm) in a unit and below: per cent in 1/10000.

    None while nothing is billed there. Two queries.
    """
    below = Account.objects.filter(unit__path__startswith=unit.path)
    months = {"period__gte": first, "period__lte": last, "account__in": below}
    billed = Bill.objects.filter(**months).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    if billed <= 0:
        return None
    still_open = OpenItem.objects.filter(**months).aggregate(fen=Sum("open_fen"))["fen"] or 0
    return half_up((billed - still_open) * 1_000_000, billed)


def cheques_visible_to(user: User, right: str = VIEW) -> QuerySet[Cheque]:
    """Cheques of the branches the user may see."""
    ids = rights.unit_ids(user, right)
    rows = Cheque.objects.select_related("account", "decided_by__person")
    return rows if ids is None else rows.filter(unit_id__in=ids)


def cheques_of_shift(shift: Shift) -> list[Cheque]:
    """Cheques that came in through a shift, for handing over."""
    taken = {
        (row[0], row[1])
        for row in shift.payments.filter(tender=Payment.Tender.CHEQUE).values_list("account_id", "payment_no")
    }
    rows = Cheque.objects.filter(account_id__in={one[0] for one in taken}) if taken else []
    return [one for one in rows if (one.account_id, one.payment_no) in taken]


def books_visible_to(user: User) -> QuerySet[ReceiptBook]:
    """A clerk's own receipt books, and those of the branches whose shifts somebody may see."""
    rows = ReceiptBook.objects.select_related("unit", "holder__person")
    if not rights.allowed(user, VIEW_SHIFTS):
        return rows.filter(holder=user.pk)
    ids = rights.unit_ids(user, VIEW_SHIFTS)
    return rows if ids is None else rows.filter(Q(unit_id__in=ids) | Q(holder=user.pk))


def count_of(book: ReceiptBook) -> FormCount:
    """What became of the forms of a book."""
    found = dict(book.slips.order_by().values_list("state").annotate(n=Count("pk")))
    return form_count(book.first_no, book.last_no, book.next_no, found)


def slips_of_book(book: ReceiptBook, limit: int = 100) -> list[ReceiptSlip]:
    """The newest forms of a book."""
    slips = list(book.slips.select_related("account", "by__person").order_by("-number")[:limit])
    for slip in slips:
        slip.book = book
    return slips


def forms_of_shift(shift: Shift) -> list[tuple[str, str, int]]:
    """Forms used by a clerk's shift: (first, last, number of them) by book, for the cashier's report."""
    rows = ReceiptSlip.objects.filter(by=shift.clerk_id, at__gte=shift.opened_at).select_related("book")
    if shift.closed_at:
        rows = rows.filter(at__lte=shift.closed_at)
    by_book: dict[int, list[ReceiptSlip]] = {}
    for slip in rows.order_by("book", "number"):
        by_book.setdefault(slip.book_id, []).append(slip)
    return [(str(slips[0]), str(slips[-1]), len(slips)) for slips in by_book.values()]


def people_at_counters() -> QuerySet[User]:
    """Active people who may take money, by log-in."""
    return who_may(TAKE)
