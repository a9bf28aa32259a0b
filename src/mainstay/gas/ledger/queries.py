"""Reads of the ledger: balances are sums of postings, never a stored figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right, rights
from mainstay.gas.ledger import chart
from mainstay.gas.ledger.models import ClosedDay, LedgerAccount, Posting, Voucher

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW_LEDGER = register_right("gas.ledger.view_ledger", _("View ledger and vouchers"))
VIEW_STATEMENT = register_right("gas.ledger.view_statement", _("View statements of account"))
_ROOM = 100_000


def balance(account_id: int, code: int) -> int:
    """Debit less credit of one customer in one ledger account, in fen. Reads the customer's postings only."""
    signed = Case(When(debit=code, then=F("amount_fen")), default=-F("amount_fen"))
    rows = Posting.objects.filter(Q(debit=code) | Q(credit=code), account_id=account_id)
    return rows.aggregate(sum=Sum(signed))["sum"] or 0


def receivable_fen(account_id: int) -> int:
    """What a customer owes by the ledger, in fen."""
    return balance(account_id, chart.RECEIVABLE)


def advance_fen(account_id: int) -> int:
    """A customer's advance by the ledger, in fen."""
    return -balance(account_id, chart.ADVANCE)


def turnover(rows: QuerySet[Posting]) -> dict[int, tuple[int, int]]:
    """Debit and credit turnover by ledger account, in fen. Two grouped reads."""
    debits = dict(rows.order_by().values_list("debit").annotate(sum=Sum("amount_fen")))
    credits = dict(rows.order_by().values_list("credit").annotate(sum=Sum("amount_fen")))
    return {code: (debits.get(code, 0), credits.get(code, 0)) for code in sorted({*debits, *credits})}


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One ledger account in a trial balance, in fen."""

    code: int
    name: str
    opening_fen: int
    debit_fen: int
    credit_fen: int

    @property
    def closing_fen(self) -> int:
        """Debit positive, credit negative."""
        return self.opening_fen + self.debit_fen - self.credit_fen


def trial_balance(unit_ids: Iterable[int] | None, from_on: dt.date, until_on: dt.date) -> list[TrialRow]:
    """Opening, turnover and closing balance of every ledger account; both dates inclusive, units None: all."""
    rows = Posting.objects.all() if unit_ids is None else Posting.objects.filter(unit_id__in=list(unit_ids))
    before = turnover(rows.filter(business_on__lt=from_on))
    within = turnover(rows.filter(business_on__gte=from_on, business_on__lte=until_on))
    return [
        TrialRow(account.code, account.name, _opening(before, account.code), *within.get(account.code, (0, 0)))
        for account in LedgerAccount.objects.all()
    ]


def _opening(sums: dict[int, tuple[int, int]], code: int) -> int:
    debit, credit = sums.get(code, (0, 0))
    return debit - credit


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One line of a statement of account. Balance: what the customer owes, less the advance."""

    business_on: dt.date
    label: str
    billed_fen: int
    paid_fen: int
    balance_fen: int


_NAMES = {
    Posting.Document.BILL: _("bill of %(period)s"),
    Posting.Document.PAYMENT: _("payment %(number)s"),
    Posting.Document.PAYMENT_REVERSAL: _("reversal %(number)s"),
    Posting.Document.REFUND: _("refund %(number)s"),
    Posting.Document.OPENING: _("opening balance"),
    Posting.Document.DEPOSIT: _("deposit %(number)s"),
    Posting.Document.TRANSFER: _("transfer between accounts"),
}


def account_statement(account_id: int, limit: int = 400) -> list[StatementRow]:
    """Bills and payments of an account in order, newest `limit` of them, with the balance after each. One query.

    A settlement from the advance moves nothing between the customer and the company and is not listed.
    """
    rows = (
        Posting.objects.filter(account_id=account_id, document__in=list(_NAMES))
        .values("business_on", "document", "document_no")
        .annotate(owed=Sum(_owed()))
        .order_by("business_on", "document", "document_no")
    )
    found: list[StatementRow] = []
    total = 0
    for row in rows:
        total += row["owed"]
        document, number = Posting.Document(row["document"]), row["document_no"]
        label = str(_NAMES[document]) % {"period": number // _ROOM, "number": number}
        billed = row["owed"] if document == Posting.Document.BILL else 0
        found.append(StatementRow(row["business_on"], label, billed, billed - row["owed"], total))
    return found[-limit:]


def _owed() -> Any:
    """Change of what a customer owes less the advance: debits of both accounts raise it, credits lower it."""
    both = [chart.RECEIVABLE, chart.ADVANCE]
    raised = Case(When(debit__in=both, then=F("amount_fen")), default=Value(0))
    lowered = Case(When(credit__in=both, then=F("amount_fen")), default=Value(0))
    return raised - lowered


def is_closed(unit_id: int, business_on: dt.date) -> bool:
    """Tell whether a branch's business day takes no more postings."""
    return ClosedDay.objects.filter(unit=unit_id, business_on=business_on).exists()


def vouchers_visible_to(user: User) -> QuerySet[Voucher]:
    """Vouchers of the branches the user may see."""
    ids = rights.unit_ids(user, VIEW_LEDGER)
    rows = Voucher.objects.select_related("unit", "made_by__person")
    return rows if ids is None else rows.filter(unit_id__in=ids)


def postings_of_day(unit_id: int, business_on: dt.date) -> QuerySet[Posting]:
    """Postings of a branch's business day."""
    return Posting.objects.filter(unit_id=unit_id, business_on=business_on)


def count_and_sum(rows: QuerySet[Posting]) -> tuple[int, int]:
    """How many postings, and their sum in fen."""
    found = rows.aggregate(rows=Count("line"), sum=Sum("amount_fen"))
    return found["rows"], found["sum"] or 0
