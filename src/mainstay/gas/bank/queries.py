"""Reads: what is due over the line, the journal, days, what waits in reconciliation."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Count, Exists, Max, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right, rights
from mainstay.core.workflow.models import Approval
from mainstay.gas.bank.batch.window import REVERSAL
from mainstay.gas.bank.models import (
    Agreement,
    Bank,
    Day,
    Difference,
    Entry,
    Line,
    LineEvent,
    LineState,
    Settlement,
    Statement,
    Withholding,
)
from mainstay.gas.bank.rules.files import WithholdingRow, write_withholding
from mainstay.gas.bank.rules.messages import Code, due_token
from mainstay.gas.bank.rules.statements import StatementRow
from mainstay.gas.billing.batch_accruals import waiting
from mainstay.gas.payments.models import Payment
from mainstay.kit.dates import local_today
from mainstay.kit.sqlkit.trips import round_trip

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW_LINES = register_right("gas.bank.view_line", _("View bank lines and their state"))
VIEW_JOURNAL = register_right("gas.bank.view_journal", _("View the journal of bank messages"))
VIEW_DAYS = register_right("gas.bank.view_day", _("View bank days and reconciliation"))
VIEW_WITHHOLDING = register_right("gas.bank.view_withholding", _("View withholding agreements and batches"))

SETTLE = "gas.bank.settle_difference"
_SUBJECT = "bank.difference:"
_DUE = """SELECT a.id, a.state, c.name, coalesce((SELECT v.balance_fen FROM payments_advance v
    WHERE v.account_id = a.id), 0)
FROM customers_account a JOIN customers_customer c ON c.id = a.customer_id WHERE a.account_no = %s"""
_ITEMS = """SELECT i.period, i.seq, i.open_fen FROM customers_account a
JOIN billing_openitem i ON i.account_id = a.id LEFT JOIN billing_billingrun r ON r.id = i.run_id
WHERE a.account_no = %s AND (i.run_id IS NULL OR r.state = 'released')"""
_FEES = waiting("(SELECT n.id FROM customers_account n WHERE n.account_no = %s)", "period, seq, amount_fen")


def what_is_due(account_no: str) -> tuple[Code, str, int, str]:
    """What a bank is told about an account: answer, customer's name, fen due, token. One journey."""
    accounts, items, fees = round_trip([(_DUE, [account_no]), (_ITEMS, [account_no]), (_FEES, [account_no])])
    if not accounts:
        return Code.NO_ACCOUNT, "", 0, ""
    _id, state, name, advance_fen = accounts[0]
    if state == "closed":
        return Code.ACCOUNT_CLOSED, "", 0, ""
    items = [*items, *fees]
    due = sum(fen for _period, _seq, fen in items) - advance_fen
    token = due_token(account_no, [(period, seq, fen) for period, seq, fen in items], advance_fen)
    return (Code.OK, name, due, token) if due > 0 else (Code.NOTHING_DUE, name, 0, token)


def banks_visible_to(user: User, right: str = VIEW_LINES) -> QuerySet[Bank]:
    """Banks of the branches the user may see."""
    ids = rights.unit_ids(user, right)
    rows = Bank.objects.select_related("unit")
    return rows if ids is None else rows.filter(unit__in=ids)


def _narrowed(rows: QuerySet[Any], user: User, right: str) -> QuerySet[Any]:
    ids = rights.unit_ids(user, right)
    return rows if ids is None else rows.filter(bank__in=list(Bank.objects.filter(unit__in=ids).values_list("pk")))


def _of_units(rows: QuerySet[Any], user: User, right: str) -> QuerySet[Any]:
    ids = rights.unit_ids(user, right)
    return rows if ids is None else rows.filter(bank__unit__in=ids)


def lines_visible_to(user: User) -> QuerySet[Line]:
    """Lines with their present state."""
    return _narrowed(Line.objects.select_related("bank", "now"), user, VIEW_LINES)


def events_of(line: Line, limit: int = 50) -> list[LineEvent]:
    """The newest events of a line."""
    return list(LineEvent.objects.filter(line=line).order_by("-id")[:limit])


def entries_visible_to(user: User) -> QuerySet[Entry]:
    """The journal of the user's banks, newest first."""
    return _narrowed(Entry.objects.select_related("bank", "line"), user, VIEW_JOURNAL).order_by("-at")


def statements_visible_to(user: User) -> QuerySet[Statement]:
    """Bank files that were compared."""
    return _narrowed(Statement.objects.select_related("bank", "by__person"), user, VIEW_DAYS)


def differences_visible_to(user: User, right: str = VIEW_DAYS) -> QuerySet[Difference]:
    """Work items of reconciliation; `waits` says that a proposal waits for a second person."""
    rows = with_proposals(Difference.objects.select_related("bank", "statement", "by__person"))
    return _narrowed(rows, user, right)


def active_lines(user: User) -> QuerySet[Line]:
    """Lines in use, for a card: it asks nothing by itself."""
    return _of_units(Line.objects.filter(active=True), user, VIEW_LINES)


def open_differences(user: User) -> QuerySet[Difference]:
    """Work items not settled, for a card: it asks nothing by itself."""
    return _of_units(Difference.objects.filter(state=Difference.State.OPEN), user, VIEW_DAYS)


def with_proposals(rows: QuerySet[Difference]) -> QuerySet[Difference]:
    """Differences with `waits`: whether a proposal waits for a second person."""
    name = Concat(Value(_SUBJECT), Cast(OuterRef("pk"), CharField()))
    waiting = Approval.objects.filter(action=SETTLE, state=Approval.State.WAITING, subject=name)
    return rows.annotate(waits=Exists(waiting))


def waiting_for_approval(difference: Difference) -> Approval | None:
    """The proposal for a difference that a second person has not decided yet."""
    rows = Approval.objects.filter(action=SETTLE, state=Approval.State.WAITING)
    return rows.filter(subject=subject_of(difference.pk)).select_related("requested_by__person").first()


def subject_of(difference_id: int) -> str:
    """How approvals and the log name a difference."""
    return f"{_SUBJECT}{difference_id}"


AGES = (1, 3, 7)
"""Upper ends, in days, of the classes of age; older ones are a class of their own."""


@dataclass(slots=True)
class Ageing:
    """Open differences of a bank by age: (how many, fen at stake) of each class, the oldest last."""

    bank: Bank
    parts: list[tuple[int, int]]

    @property
    def total(self) -> tuple[int, int]:
        """All of them."""
        return sum(part[0] for part in self.parts), sum(part[1] for part in self.parts)


def ageing(banks: list[Bank], today: dt.date) -> list[Ageing]:
    """Open differences of banks by days since their business date. One read; banks without any are left out."""
    larger = Greatest(Coalesce("bank_fen", 0), Coalesce("ours_fen", 0))
    rows = Difference.objects.filter(bank__in=banks, state=Difference.State.OPEN).order_by()
    found: dict[int, list[tuple[int, int]]] = {}
    for bank_id, day, count, fen in rows.values_list("bank", "business_on").annotate(n=Count("pk"), fen=Sum(larger)):
        parts = found.setdefault(bank_id, [(0, 0)] * (len(AGES) + 1))
        place = bisect_left(AGES, (today - day).days)
        parts[place] = (parts[place][0] + count, parts[place][1] + fen)
    return [Ageing(bank, found[bank.pk]) for bank in banks if bank.pk in found]


def next_to_reconcile(banks: list[Bank]) -> tuple[Bank, dt.date] | None:
    """The oldest day of the board that is cut and has no file yet."""
    waiting = [row for row in day_board(banks) if not row.is_open and row.statement is None]
    return (waiting[-1].bank, waiting[-1].business_on) if waiting else None


def withholdings_visible_to(user: User, right: str = VIEW_WITHHOLDING) -> QuerySet[Withholding]:
    """Withholding batches."""
    return _narrowed(Withholding.objects.select_related("bank", "made_by__person"), user, right)


def day_sums(bank: Bank, business_on: dt.date) -> dict[str, Any]:
    """What the journal of a business day says: payments and reversals with their fen, refusals by answer. Two reads."""
    rows = Entry.objects.filter(bank=bank, business_on=business_on)
    ok, reversal = Q(code=Code.OK.value), Q(kind=REVERSAL)
    sums = rows.aggregate(
        paid=Count("serial", filter=ok & ~reversal),
        paid_fen=Sum("amount_fen", filter=ok & ~reversal, default=0),
        back=Count("serial", filter=ok & reversal & Q(payment_no__isnull=False)),
        back_fen=Sum("amount_fen", filter=ok & reversal & Q(payment_no__isnull=False), default=0),
        refused=Count("serial", filter=~ok),
        last_at=Max("at"),
    )
    sums["net"], sums["net_fen"] = sums["paid"] - sums["back"], sums["paid_fen"] - sums["back_fen"]
    return sums


def refusals_of_day(bank: Bank, business_on: dt.date) -> list[tuple[str, int]]:
    """Refused messages of a day by answer, most first."""
    rows = Entry.objects.filter(bank=bank, business_on=business_on).exclude(code=Code.OK.value).order_by()
    return sorted(rows.values_list("code").annotate(n=Count("serial")), key=lambda row: -row[1])


def our_payments(bank: Bank, business_on: dt.date) -> list[StatementRow]:
    """What we hold to be collected on a day, as rows of a file; payments taken back are none. Two reads."""
    reversals = Payment.objects.filter(channel=bank.channel, kind=Payment.Kind.REVERSAL)
    back = set(reversals.values_list("account_id", "refers_no"))
    rows = Entry.objects.filter(bank=bank, business_on=business_on, kind=Entry.Kind.PAY, code=Code.OK.value)
    return [
        StatementRow(one.serial, one.account_no, one.amount_fen)
        for one in rows.order_by("serial")
        if (one.account_id, one.payment_no) not in back
    ]


STALE_SECONDS = 15


def state_of(line: Line) -> str:
    """A line's state now; a process that has not told for some seconds is down, whatever it told last."""
    now = getattr(line, "now", None)
    if now is None or (timezone.now() - now.seen_at).total_seconds() > STALE_SECONDS:
        return str(LineState.State.DOWN.value)
    return str(now.state)


def agreements_visible_to(user: User, right: str = VIEW_WITHHOLDING) -> QuerySet[Agreement]:
    """Agreements of accounts the user may see."""
    ids = rights.unit_ids(user, right)
    rows = Agreement.objects.select_related("bank", "account")
    return rows if ids is None else rows.filter(account__unit__in=ids)


@dataclass(frozen=True, slots=True)
class DayRow:
    """A bank's business day on the board, in fen."""

    bank: Bank
    business_on: dt.date
    paid: int
    paid_fen: int
    back: int
    back_fen: int
    refused: int
    day: Day | None
    statement: Statement | None
    open_differences: int
    settled_fen: int

    @property
    def net(self) -> int:
        """Payments that stand."""
        return self.paid - self.back

    @property
    def net_fen(self) -> int:
        """Their sum."""
        return self.paid_fen - self.back_fen

    @property
    def told_differs(self) -> bool:
        """Whether the bank's notice says something else."""
        return self.day is not None and self.day.told_count is not None and (
            (self.day.told_count, self.day.told_fen) != (self.net, self.net_fen)
        )  # fmt: skip

    @property
    def missing_fen(self) -> int:
        """What the bank's file says it collected and the bank has not paid over; none before there is a file."""
        return max(0, self.statement.amount_fen - self.settled_fen) if self.statement else 0

    @property
    def is_open(self) -> bool:
        """Whether payments of this day may still come."""
        return self.business_on >= self.bank.business_on


def day_board(banks: list[Bank], days: int = 14) -> list[DayRow]:
    """The last business days of banks, newest first. Five reads, whatever the number of banks and days."""
    since = min((bank.business_on for bank in banks), default=local_today()) - dt.timedelta(days=days - 1)
    ids = [bank.pk for bank in banks]
    ok, back = Q(code=Code.OK.value), Q(kind=REVERSAL)
    sums: dict[Any, Any] = {
        (row["bank"], row["business_on"]): row
        for row in Entry.objects.filter(bank__in=ids, business_on__gte=since)
        .order_by().values("bank", "business_on").annotate(
            paid=Count("serial", filter=ok & ~back), paid_fen=Sum("amount_fen", filter=ok & ~back, default=0),
            back=Count("serial", filter=ok & back & Q(payment_no__isnull=False)),
            back_fen=Sum("amount_fen", filter=ok & back & Q(payment_no__isnull=False), default=0),
            refused=Count("serial", filter=~ok),
        )
    }  # fmt: skip
    told = {(one.bank_id, one.business_on): one for one in Day.objects.filter(bank__in=ids, business_on__gte=since)}
    files = {(one.bank_id, one.business_on): one
             for one in Statement.objects.filter(bank__in=ids, business_on__gte=since).order_by("pk")}  # fmt: skip
    waiting = Difference.objects.filter(bank__in=ids, business_on__gte=since, state=Difference.State.OPEN).order_by()
    open_ones = {row[:2]: row[2] for row in waiting.values_list("bank", "business_on").annotate(n=Count("pk"))}
    paid = Settlement.objects.filter(bank__in=ids, collected_on__gte=since).order_by()
    settled = {row[:2]: row[2] for row in paid.values_list("bank", "collected_on").annotate(fen=Sum("amount_fen"))}
    none = {"paid": 0, "paid_fen": 0, "back": 0, "back_fen": 0, "refused": 0}
    by_id = {bank.pk: bank for bank in banks}
    keys = {*sums, *told, *((bank.pk, bank.business_on) for bank in banks)}
    return [
        DayRow(by_id[key[0]], key[1], **{name: sums.get(key, none)[name] for name in none}, day=told.get(key),
               statement=files.get(key), open_differences=open_ones.get(key, 0), settled_fen=settled.get(key, 0))
        for key in sorted(keys, key=lambda key: (-key[1].toordinal(), by_id[key[0]].code))
    ]  # fmt: skip


def withholding_file(batch: Withholding) -> bytes:
    """What a bank is sent for a batch."""
    lines = batch.lines.select_related("agreement", "account").order_by("line_no")
    rows = [
        WithholdingRow(
            one.line_no, one.agreement.agreement_no, one.account.account_no, one.agreement.payer, one.amount_fen
        )
        for one in lines
    ]
    return write_withholding(batch.bank.code, batch.batch_no, batch.business_on, rows)
