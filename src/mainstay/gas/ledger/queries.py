"""Reads of the ledger: balances are sums of postings, never a stored figure."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from mainstay.core.door import register_right, rights
from mainstay.core.events.providers import answers
from mainstay.core.organisation.models import Unit
from mainstay.gas.billing.models import Accrual
from mainstay.gas.customers.models import Account
from mainstay.gas.ledger import batch, chart
from mainstay.gas.ledger.models import ClosedDay, ClosedMonth, LedgerAccount, Posting, Voucher, VoucherLine
from mainstay.kit.dates import month_text

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


def turnover_of(vouchers: Iterable[Voucher]) -> dict[int, tuple[int, int]]:
    """Debit and credit by ledger account in vouchers, in fen."""
    rows = VoucherLine.objects.filter(voucher__in=list(vouchers)).order_by().values_list("ledger_account")
    sums = rows.annotate(debit=Sum("debit_fen"), credit=Sum("credit_fen"))
    return {code: (debit, credit) for code, debit, credit in sums}


@dataclass(frozen=True, slots=True)
class Balance:
    """A balance in fen, debit positive, and how it is written: an amount and its side (借、贷、平)."""

    signed_fen: int

    @property
    def fen(self) -> int:
        """The amount beside the side."""
        return abs(self.signed_fen)

    @property
    def side(self) -> Any:
        """On which side it stands."""
        if not self.signed_fen:
            return pgettext("balance", "nil")
        return pgettext("balance", "Dr") if self.signed_fen > 0 else pgettext("balance", "Cr")

    @property
    def sides(self) -> tuple[int, int]:
        """Debit and credit; one of them is zero."""
        return max(self.signed_fen, 0), max(-self.signed_fen, 0)


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

    @property
    def columns(self) -> tuple[int, ...]:
        """As bookkeepers write it: debit and credit of the opening, of the movements, of the closing."""
        return *Balance(self.opening_fen).sides, self.debit_fen, self.credit_fen, *Balance(self.closing_fen).sides


def trial_totals(rows: Iterable[TrialRow]) -> list[int]:
    """The columns added up: each debit equals the credit beside it, or the ledger does not balance."""
    return [sum(column) for column in zip(*(row.columns for row in rows), strict=True)]


def trial_balance(unit_ids: Iterable[int] | None, from_on: dt.date, until_on: dt.date) -> list[TrialRow]:
    """Opening, turnover and closing balance of every ledger account; both dates inclusive, units None: all.

    The postings are read once, whatever the number of accounts.
    """
    opening: dict[int, int] = defaultdict(int)
    debits: dict[int, int] = defaultdict(int)
    credits: dict[int, int] = defaultdict(int)
    units = None if unit_ids is None else list(unit_ids)
    for debit, credit, before, within in batch.turnover_pairs(units, from_on, until_on):
        opening[debit] += before
        opening[credit] -= before
        debits[debit] += within
        credits[credit] += within
    return [
        TrialRow(one.code, one.name, opening[one.code], debits[one.code], credits[one.code])
        for one in LedgerAccount.objects.all()
    ]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A day of one ledger account, in fen; `balance_fen` after it, debit positive."""

    business_on: dt.date
    debit_fen: int
    credit_fen: int
    postings: int
    balance_fen: int

    @property
    def balance(self) -> Balance:
        """The balance after the day with its side."""
        return Balance(self.balance_fen)


def ledger_sheet(
    code: int, unit_ids: Iterable[int] | None, from_on: dt.date, until_on: dt.date
) -> tuple[int, list[SheetRow]]:
    """The opening balance of a ledger account and its days (明细账). Two reads of the postings."""
    units = None if unit_ids is None else list(unit_ids)
    before = batch.turnover_pairs(units, from_on, from_on - dt.timedelta(days=1))
    balance_fen = opening = sum(p[2] for p in before if p[0] == code) - sum(p[2] for p in before if p[1] == code)
    rows = []
    for day, debit, credit, count in batch.days_of_account(code, units, from_on, until_on):
        balance_fen += debit - credit
        rows.append(SheetRow(day, debit, credit, count, balance_fen))
    return opening, rows


def postings_of(code: int, unit_ids: Iterable[int] | None, business_on: dt.date) -> QuerySet[Posting]:
    """Postings of a ledger account on a day, for a list."""
    rows = Posting.objects.filter(Q(debit=code) | Q(credit=code), business_on=business_on)
    rows = rows if unit_ids is None else rows.filter(unit_id__in=list(unit_ids))
    return rows.select_related("debit", "credit").order_by("account_id", "document", "document_no", "line")


def days_with_postings(unit_id: int, until_on: dt.date) -> set[dt.date]:
    """Business days of a branch that have postings, up to a day. One read of the postings."""
    rows = Posting.objects.filter(unit_id=unit_id, business_on__lte=until_on).order_by()
    return set(rows.values_list("business_on", flat=True).distinct())


def held_by_account(code: int, unit_ids: Iterable[int] | None, limit: int = 500) -> list[tuple[int, int]]:
    """(account id, fen) that a credit account holds of customers (deposits, say), the largest first, zeros left out."""
    rows = Posting.objects.filter(Q(debit=code) | Q(credit=code)).exclude(account_id=0)
    rows = rows if unit_ids is None else rows.filter(unit_id__in=list(unit_ids))
    signed = Case(When(credit=code, then=F("amount_fen")), default=-F("amount_fen"))
    sums = rows.order_by().values("account_id").annotate(fen=Sum(signed)).exclude(fen=0).order_by("-fen", "account_id")
    return [(row["account_id"], row["fen"]) for row in sums[:limit]]


def months_visible_to(user: User) -> QuerySet[ClosedMonth]:
    """Closed months of the branches the user may see."""
    ids = rights.unit_ids(user, VIEW_LEDGER)
    rows = ClosedMonth.objects.select_related("unit", "closed_by__person", "reopened_by__person")
    return rows if ids is None else rows.filter(unit_id__in=ids)


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One line of a statement of account. Balance: what the customer owes, less the advance."""

    business_on: dt.date
    label: str
    billed_fen: int
    paid_fen: int
    balance_fen: int


_NAMES = {
    Posting.Document.ACCRUAL: _("late fees to %(day)s"),
    Posting.Document.BILL: _("bill of %(period)s"),
    Posting.Document.PAYMENT: _("payment %(number)s"),
    Posting.Document.PAYMENT_REVERSAL: _("reversal %(number)s"),
    Posting.Document.REFUND: _("refund %(number)s"),
    Posting.Document.OPENING: _("opening balance"),
    Posting.Document.CARD_SALE: _("card sale"),
    Posting.Document.CARD_SALE_BACK: _("card sale taken back"),
    Posting.Document.DEPOSIT: _("deposit %(number)s"),
    Posting.Document.TRANSFER: _("transfer between accounts"),
}


_BILLED = {Posting.Document.ACCRUAL, Posting.Document.BILL, Posting.Document.CARD_SALE, Posting.Document.CARD_SALE_BACK}


def account_statement(
    account_id: int, limit: int = 400, *, from_on: dt.date | None = None, until_on: dt.date | None = None
) -> list[StatementRow]:
    """Bills and payments of an account in order, newest `limit` of them, with the balance after each. Two queries.

    With `from_on` the first row is the balance brought forward to that day; `until_on` is the last day. A settlement
    from the advance moves nothing between the customer and the company and is not listed. Late fees that a run accrued
    and that have no document yet are a row a run.
    """
    rows = Posting.objects.filter(account_id=account_id, document__in=list(_NAMES))
    rows = rows if until_on is None else rows.filter(business_on__lte=until_on)
    grouped = rows.values("business_on", "document", "document_no").annotate(owed=Sum(_owed()))
    found: list[StatementRow] = []
    total = 0
    for row in sorted([*grouped, *_accrued(account_id, until_on)], key=_place):
        total += row["owed"]
        if from_on is not None and row["business_on"] < from_on:
            continue
        document, number = Posting.Document(row["document"]), row["document_no"]
        period = number // _ROOM
        facts = {"period": month_text(period), "number": number, "day": row.get("to_on")}
        label = str(_NAMES[document]) % facts
        billed = row["owed"] if document in _BILLED else 0
        found.append(StatementRow(row["business_on"], label, billed, billed - row["owed"], total))
    if from_on is not None:
        before = total - sum(row.billed_fen - row.paid_fen for row in found)
        return [StatementRow(from_on, str(_("brought forward")), 0, 0, before), *found]
    return found[-limit:]


def _place(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["business_on"], row["document"], row["document_no"]


def _accrued(account_id: int, until_on: dt.date | None) -> Iterable[Any]:
    """Late fees accrued of an account by run, as rows of its statement."""
    rows = Accrual.objects.filter(account=account_id)
    rows = rows if until_on is None else rows.filter(business_on__lte=until_on)
    named = rows.values("business_on", "to_on", document_no=F("run_id"))
    return named.annotate(owed=Sum("amount_fen"), document=Value(int(Posting.Document.ACCRUAL))).order_by()


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


def units_with_days(user: User, right: str) -> QuerySet[Unit]:
    """Branches within a right that have business days to close: accounts, tills or banks of their own."""
    ids = rights.unit_ids(user, right)
    units = Unit.objects.filter(closed_on=None) if ids is None else Unit.objects.filter(closed_on=None, pk__in=ids)
    others = {pk for found in answers("units_with_postings") for pk in found}
    return units.filter(Exists(Account.objects.filter(unit=OuterRef("pk"))) | Q(pk__in=others))


def postings_of_day(unit_id: int, business_on: dt.date) -> QuerySet[Posting]:
    """Postings of a branch's business day."""
    return Posting.objects.filter(unit_id=unit_id, business_on=business_on)


def count_and_sum(rows: QuerySet[Posting]) -> tuple[int, int]:
    """How many postings, and their sum in fen."""
    found = rows.aggregate(rows=Count("line"), sum=Sum("amount_fen"))
    return found["rows"], found["sum"] or 0
