"""Builders for tests of money: bills as the billing run leaves them, tills, shifts, clerks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from django.utils import timezone

from mainstay.core.access.models import User
from mainstay.core.organisation.models import Unit
from mainstay.gas.billing.models import Bill, BillingRun, OpenItem
from mainstay.gas.customers.models import Account
from mainstay.gas.ledger.models import Posting
from mainstay.gas.ledger.rules import bill_document, bill_lines
from mainstay.gas.payments.models import Payment, Shift, Till
from mainstay.gas.tariffs.models import Version
from mainstay.kit.dates import first_day, last_day, local_today
from tests.gas.make import make_user

CLERK_RIGHTS = (
    "gas.payments.take_payment",
    "gas.payments.reverse_payment",
    "gas.payments.refund_advance",
    "gas.payments.open_shift",
    "gas.payments.close_shift",
    "gas.payments.view_payment",
    "gas.customers.view_account",
)
_next = count(1)


def make_bill(account: Account, period: int, amount_fen: int, **more: Any) -> Bill:
    """A bill with its open item and postings; a credit, or one of a `kind` that belongs to a bill, refers to one."""
    return make_bills([{"account": account, "period": period, "amount_fen": amount_fen, **more}])[0]


def make_bills(wanted: Iterable[dict[str, Any]]) -> list[Bill]:
    """Bills in any number, each from the facts that `make_bill` takes."""
    version = Version.objects.latest("id")
    bills = Bill.objects.bulk_create(_bill(version=version, **facts) for facts in wanted)
    owed = [bill for bill in bills if bill.amount_fen]
    OpenItem.objects.bulk_create(
        OpenItem(
            account_id=bill.account_id, period=bill.period, seq=bill.seq, due_on=bill.due_on, open_fen=bill.amount_fen,
            run_id=bill.run_id,
        )
        for bill in owed
    )  # fmt: skip
    Posting.objects.bulk_create(posting for bill in bills for posting in _postings(bill))
    return bills


def _bill(
    *,
    version: Version,
    account: Account,
    period: int,
    amount_fen: int,
    vat_fen: int = 0,
    seq: int = 0,
    due_on: dt.date | None = None,
    run: BillingRun | None = None,
    kind: int | None = None,
    refers_seq: int = 0,
) -> Bill:
    day = local_today()
    return Bill(
        account=account,
        period=period,
        seq=seq,
        run=run,
        kind=kind or (Bill.Kind.REGULAR if amount_fen >= 0 else Bill.Kind.REVERSAL),
        book_id=account.book_entry.book_id,
        unit_id=account.unit_id,
        version=version,
        from_on=first_day(period),
        to_on=last_day(period),
        volume_l=20_000,
        persons=3,
        low_income=False,
        heating=False,
        year_start_on=first_day(period),
        year_before_l=0,
        year_after_l=20_000,
        amount_fen=amount_fen,
        vat_fen=vat_fen,
        issued_on=day,
        due_on=due_on or last_day(period) + dt.timedelta(days=15),
        business_on=day,
        readings=[],
        refers_seq=None if amount_fen >= 0 and kind is None else refers_seq,
    )


def _postings(bill: Bill) -> Iterator[Posting]:
    for line in bill_lines(bill.amount_fen, bill.vat_fen, bill.kind):
        yield Posting(
            account_id=bill.account_id,
            document=Posting.Document.BILL,
            document_no=bill_document(bill.period, bill.seq),
            line=line.line,
            business_on=bill.business_on,
            unit_id=bill.unit_id,
            debit_id=line.debit,
            credit_id=line.credit,
            amount_fen=line.amount_fen,
        )


def make_run(unit: Unit, by: User, *, state: str = "computed", period: int = 202610) -> BillingRun:
    """A billing run."""
    day = local_today()
    return BillingRun.objects.create(
        period=period, unit=unit, state=state, issued_on=day, due_on=day, business_on=day, by=by,
        planned_at=timezone.now(),
    )  # fmt: skip


def make_till(unit: Unit) -> Till:
    """A counter window."""
    return Till.objects.create(code=f"T{next(_next):02d}", unit=unit, name_zh="一号窗口", name_en="Window 1")


def make_clerk(unit: Unit | None = None, *more: str, limit_fen: int | None = None) -> User:
    """Somebody who works at a counter."""
    return make_user(*CLERK_RIGHTS, *more, unit=unit, limit_fen=limit_fen)


def make_shift(clerk: User, till: Till, *, business_on: dt.date | None = None, float_fen: int = 50_000) -> Shift:
    """An open shift."""
    return Shift.objects.create(
        till=till, clerk=clerk, business_on=business_on or local_today(), float_fen=float_fen,
        opened_at=timezone.now(),
    )  # fmt: skip


def open_fen(account: Account) -> dict[tuple[int, int], int]:
    """What is open by (period, seq)."""
    rows = OpenItem.objects.filter(account=account).values_list("period", "seq", "open_fen")
    return {(period, seq): amount for period, seq, amount in rows}


def pay(account: Account, amount_fen: int, by: User, shift: Shift | None, **more: Any) -> Payment:
    """Take a payment through the door, in cash unless told otherwise."""
    from mainstay.gas.payments.actions import take_payment

    more.setdefault("tender", 1)
    more.setdefault("serial", f"test-{next(_next)}")
    if shift is None:
        more.setdefault("channel", "bank")
    return take_payment(account=account, amount_fen=amount_fen, shift=shift, by=by, **more)
