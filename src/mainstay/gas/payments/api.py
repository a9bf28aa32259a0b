"""API: payments, and what is due."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _n
from ninja import Field, Header, Path, Query, Router, Schema, Status

from mainstay.core.access.bearer import ApiRequest
from mainstay.core.access.models import User
from mainstay.core.door import Refused
from mainstay.core.door.rights import allowed, unit_ids
from mainstay.gas.billing.api import bill_key
from mainstay.gas.customers.api import account_or_404, no_account
from mainstay.gas.customers.models import Account
from mainstay.gas.payments.actions import reverse_payment, take_payment
from mainstay.gas.payments.models import Payment
from mainstay.gas.payments.queries import VIEW, advance_fen, allocations_of, due_items
from mainstay.gas.payments.queries_api import account_and_day
from mainstay.kit.api import READ, WRITE, Amount, Day, Incoming, Key, Number, Text
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.money import parse_yuan, yuan

prefix = "/payments"
router = Router()
TAKE = "gas.payments.take_payment"
REVERSE = "gas.payments.reverse_payment"
MOST = 100
DAYS_BACK = 7  # how late a payment may come in; as long, a serial is looked for on every day
TENDERS = {"card": Payment.Tender.CARD, "qr": Payment.Tender.QR, "transfer": Payment.Tender.TRANSFER}
PAYMENT_NO = re.compile(r"(?P<account_no>[0-9A-Za-z]{1,12})-P(?P<number>[0-9]{1,9})")


class PaymentIn(Incoming):
    """Money that a channel took. Cash needs a shift, so it goes through the counter."""

    account_no: Number
    amount: Amount
    tender: Literal["card", "qr", "transfer"]
    serial: Key | None = Field(None, description=_n("The channel's own number of the payment, or Idempotency-Key."))
    business_on: Day | None = Field(None, description=_n("Business date of the channel; by default today."))
    bills: list[Number] = Field([], max_length=50, description=_n("Bills to pay first; else the oldest."))


class ReversalIn(Incoming):
    """Why a payment is taken back."""

    reason: Annotated[Text, Field(min_length=1, max_length=200)]


class PaymentOut(Schema):
    """A payment; `advance` is the part of it that no bill needed. A reversal or refund has a negative amount."""

    payment_no: str
    account_no: str
    kind: str
    amount: str
    advance: str
    tender: str
    channel: str
    serial: str
    business_on: dt.date
    receipt_no: str
    reverses: str | None
    at: dt.datetime


class PartOut(Schema):
    """What of a payment went to a bill."""

    bill_no: str
    amount: str


class PaymentDetailOut(PaymentOut):
    """A payment and the bills it went to."""

    parts: list[PartOut]


class PaymentPage(Schema):
    """Payments; `next` is the `after` of the next page."""

    items: list[PaymentOut]
    next: str | None


class DueItemOut(Schema):
    """A bill that can be paid; a credit is negative."""

    bill_no: str
    due_on: dt.date
    amount: str
    open: str


class DueOut(Schema):
    """What an account owes: the open bills, the advance, and what is to be paid after it."""

    account_no: str
    items: list[DueItemOut]
    advance: str
    due: str


def _yuan(fen: int) -> str:
    return yuan(fen, thousands=False)


def _facts(payment: Payment) -> dict[str, Any]:
    number = payment.account.account_no
    return {
        "payment_no": f"{number}-P{payment.payment_no}",
        "account_no": number,
        "kind": Payment.Kind(payment.kind).name.lower(),
        "amount": _yuan(payment.amount_fen),
        "advance": _yuan(payment.advance_fen),
        "tender": Payment.Tender(payment.tender).name.lower(),
        "channel": payment.channel,
        "serial": payment.serial,
        "business_on": payment.business_on,
        "receipt_no": payment.receipt_no,
        "reverses": f"{number}-P{payment.refers_no}" if payment.refers_no else None,
        "at": payment.at,
    }


IdempotencyKey = Annotated[Key | None, Header(None, alias="Idempotency-Key")]


@router.post("/", response={200: PaymentOut, 201: PaymentOut, **WRITE}, summary=_n("Take a payment"))
def post_payment(request: ApiRequest, payment: PaymentIn, idempotency_key: IdempotencyKey = None) -> Any:
    """201 when it was booked, 200 with the same content when this serial had been booked before.

    The same serial with other content is refused (409) and nothing is booked.
    """
    serial = _serial(payment.serial, idempotency_key)
    amount_fen = parse_yuan(payment.amount, field="amount")
    channel, day = channel_of(request.user), payment.business_on
    account, known = account_and_day(payment.account_no, channel, serial, _days(day))
    if account is None:
        raise _nothing(request, payment.account_no, TAKE)
    if known and day and known != day:
        text = _("Serial %(serial)s was used for another payment. Nothing was booked; use a new serial.")
        raise Problem(text % {"serial": serial}, field="serial", code="serial_used")
    try:
        taken = take_payment(
            account=account,
            amount_fen=amount_fen,
            tender=TENDERS[payment.tender],
            serial=serial,
            channel=channel,
            business_on=known or day or local_today(),
            chosen=_chosen(payment),
            by=request.user,
        )
    except Refused:
        if _outside(request, account.unit_id, TAKE):
            raise no_account(payment.account_no) from None
        raise
    return Status(200 if taken.repeated else 201, PaymentOut(**_facts(taken)))


def channel_of(user: User) -> str:
    """Return the channel of an integration: its number keeps it apart from every other, whatever the names."""
    return f"api:{user.pk}:{user.username}"[:20]


def _serial(serial: str | None, header: str | None) -> str:
    if serial and header and serial != header:
        text = _("Idempotency-Key and serial differ. Nothing was booked; send one of them.")
        raise Problem(text, field="serial", code="two_serials")
    if not (serial or header):
        text = _("Send a serial, or the header Idempotency-Key. Nothing was booked.")
        raise Problem(text, field="serial", code="no_serial")
    return serial or header or ""


def _days(business_on: dt.date | None) -> list[dt.date]:
    """Return the days a payment may be of; a serial is looked for on all of them, so midnight cannot double it."""
    today = local_today()
    days = [today - dt.timedelta(days=back) for back in range(DAYS_BACK + 1)]
    if business_on and business_on not in days:
        text = _("The business date must be one of the last %(days)s days. Nothing was booked.")
        raise Problem(text % {"days": DAYS_BACK}, field="business_on", code="bad_day")
    return days


def _chosen(payment: PaymentIn) -> list[tuple[int, int]]:
    chosen = []
    for number in payment.bills:
        key = bill_key(number)
        if key is None or key[0] != payment.account_no:
            text = _("%(bill)s is no bill of this account. Nothing was booked.")
            raise Problem(text % {"bill": number}, field="bills", code="no_bill")
        chosen.append(key[1:])
    return chosen


def _nothing(request: ApiRequest, account_no: str, right: str) -> Exception:
    """The answer for an account that does not exist; without the right not even that is told."""
    if not allowed(request.user, right):
        return Refused(right, _("This token has no right to do this."))
    return no_account(account_no)


def _outside(request: ApiRequest, unit_id: int, right: str) -> bool:
    """Tell whether the token has a right, but not in this unit: then the thing does not exist for it."""
    ids = unit_ids(request.user, right)
    return allowed(request.user, right) and ids is not None and unit_id not in ids


AccountNo = Annotated[Number, Query()]
After = Annotated[int | None, Query(None, ge=0, le=2**31 - 1, description=_n("`next` of the page before."))]
Limit = Annotated[int, Query(50, ge=1, le=MOST)]


@router.get("/", response={200: PaymentPage, **READ}, summary=_n("Payments of an account"))
def list_payments(request: ApiRequest, account_no: AccountNo, after: After = None, limit: Limit = 50) -> PaymentPage:
    """Newest first; reversals and refunds come with their own rows."""
    account = account_or_404(request, account_no, VIEW)
    rows = Payment.objects.filter(account=account).order_by("-payment_no")
    rows = rows if after is None else rows.filter(payment_no__lt=after)
    found = list(rows[: limit + 1])
    for one in found:
        one.account = account
    last = str(found[limit - 1].payment_no) if len(found) > limit else None
    return PaymentPage(items=[PaymentOut(**_facts(one)) for one in found[:limit]], next=last)


@router.get("/due", response={200: DueOut, **READ}, summary=_n("What an account has to pay"))
def get_due(request: ApiRequest, account_no: AccountNo) -> DueOut:
    """Only bills of released runs; the oldest due date first."""
    account = account_or_404(request, account_no, VIEW)
    items, advance = due_items(account), advance_fen(account.pk)
    owed = sum(one.open_fen for one in items) - advance
    return DueOut(
        account_no=account_no,
        items=[
            DueItemOut(
                bill_no=f"{account_no}-{one.key}",
                due_on=one.due_on,
                amount=_yuan(one.amount_fen),
                open=_yuan(one.open_fen),
            )
            for one in items
        ],
        advance=_yuan(advance),
        due=_yuan(max(owed, 0)),
    )


PaymentNo = Annotated[Number, Path(description=_n("Account number, -P, place of the payment: 1000000001-P3."))]


@router.get("/{payment_no}", response={200: PaymentDetailOut, **READ}, summary=_n("One payment and its bills"))
def get_payment(request: ApiRequest, payment_no: PaymentNo) -> PaymentDetailOut:
    """The parts add up to the amount less the advance."""
    account_no, number = _numbers(payment_no)
    payment = _payment(account_or_404(request, account_no, VIEW), number, payment_no)
    parts = [
        PartOut(bill_no=f"{account_no}-{one.period}-{one.seq}", amount=_yuan(one.amount_fen))
        for one in allocations_of(payment)
    ]
    return PaymentDetailOut(**_facts(payment), parts=parts)


@router.post(
    "/{payment_no}/reversal", response={200: PaymentOut, 201: PaymentOut, **WRITE}, summary=_n("Take a payment back")
)
def post_reversal(request: ApiRequest, payment_no: PaymentNo, reversal: ReversalIn) -> Any:
    """Its bills reopen. 200 with the same content when it was reversed before.

    Above the limit of the token a person must approve: 202, and nothing is booked until then.
    """
    account_no, number = _numbers(payment_no)
    account = Account.objects.filter(account_no=account_no).first()
    if account is None:
        raise _nothing(request, account_no, REVERSE)
    payment = _payment(account, number, payment_no)
    try:
        made = reverse_payment(payment=payment, reason=reversal.reason, by=request.user)
    except Refused:
        if _outside(request, payment.unit_id, REVERSE):
            raise _no_payment(payment_no) from None
        raise
    return Status(200 if made.repeated else 201, PaymentOut(**_facts(made)))


def _numbers(payment_no: str) -> tuple[str, int]:
    found = PAYMENT_NO.fullmatch(payment_no)
    if found is None:
        raise _no_payment(payment_no)
    return found["account_no"], int(found["number"])


def _payment(account: Account, number: int, payment_no: str) -> Payment:
    payment = Payment.objects.filter(account=account, payment_no=number).first()
    if payment is None:
        raise _no_payment(payment_no)
    payment.account = account
    return payment


def _no_payment(payment_no: str) -> Problem:
    return Problem(_("There is no payment %(no)s.") % {"no": payment_no}, field="payment_no", code="not_found")
