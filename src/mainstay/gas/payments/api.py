"""Payments over the API: take, look up, reverse. The serial of the integration makes a retry harmless."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema

from mainstay.gas.customers.models import Account
from mainstay.gas.payments import queries
from mainstay.gas.payments.actions import reverse_payment, take_payment
from mainstay.gas.payments.models import Payment
from mainstay.kit.errors import Problem
from mainstay.kit.money import parse_yuan, yuan

router = Router()
prefix = "/payments"
TENDERS = {"cash": 1, "card": 2, "qr": 3, "transfer": 4}
WORDS = {number: word for word, number in TENDERS.items()}


class PaymentIn(Schema):
    """A payment to take. `serial` (or the header Idempotency-Key) is unique for the channel and business date."""

    account_no: str
    amount: str = Field(examples=["52.20"])
    tender: str = Field("transfer", examples=list(TENDERS))
    serial: str = ""
    business_date: dt.date | None = None
    bills: list[str] = Field(default_factory=list, examples=[["202610-0"]])


class PaymentOut(Schema):
    """A payment as it stands."""

    account_no: str
    number: int
    kind: str
    amount: str
    to_advance: str
    tender: str
    channel: str
    serial: str
    business_date: dt.date
    receipt_no: str
    reverses: int | None


class ReversalIn(Schema):
    """Why a payment is taken back."""

    reason: str


@router.post("/", response={200: PaymentOut}, summary="Take a payment")
def post_payment(request: HttpRequest, payload: PaymentIn) -> dict[str, Any]:
    """Take a payment, oldest bills first or those named; the rest becomes an advance.

    The same serial with the same content answers with the payment stored for it; with other content 409.
    """
    user = request.auth  # type: ignore[attr-defined]  # set by the token
    serial = request.headers.get("Idempotency-Key") or payload.serial
    if payload.serial and serial != payload.serial:
        raise Problem(_("Header and serial differ. Nothing was booked."), field="serial", code="bad_serial")
    account = _account(user, payload.account_no, queries.TAKE)
    payment = take_payment(
        account=account,
        amount_fen=parse_yuan(payload.amount, field="amount"),
        tender=TENDERS.get(payload.tender, 0),
        serial=serial,
        channel=_channel(user),
        business_on=payload.business_date,
        chosen=[_key(text) for text in payload.bills],
        by=user,
    )
    return _out(payment, account.account_no)


@router.get("/{account_no}/", response=list[PaymentOut], summary="Payments of an account, newest first")
def list_payments(request: HttpRequest, account_no: str) -> list[dict[str, Any]]:
    """The newest 24 payments."""
    account = _account(request.auth, account_no, queries.VIEW)  # type: ignore[attr-defined]
    return [_out(payment, account_no) for payment in queries.last_payments(account.pk)]


@router.get("/{account_no}/{number}/", response=PaymentOut, summary="One payment")
def get_payment(request: HttpRequest, account_no: str, number: int) -> dict[str, Any]:
    """One payment by the number within its account."""
    return _out(_payment(request.auth, account_no, number, queries.VIEW), account_no)  # type: ignore[attr-defined]


@router.post("/{account_no}/{number}/reversal/", response=PaymentOut, summary="Reverse a payment")
def post_reversal(request: HttpRequest, account_no: str, number: int, payload: ReversalIn) -> dict[str, Any]:
    """Reverse a payment; reversing it again answers with the first reversal."""
    user = request.auth  # type: ignore[attr-defined]
    payment = _payment(user, account_no, number, "gas.payments.reverse_payment")
    return _out(reverse_payment(payment=payment, reason=payload.reason, by=user), account_no)


def _account(user: Any, account_no: str, right: str) -> Account:
    found = Account.objects.visible_to(user, right).filter(account_no=account_no).first()
    if found is None:
        raise Problem(_("There is no such account. Nothing was booked."), field="account_no", code="not_found")
    return found


def _payment(user: Any, account_no: str, number: int, right: str) -> Payment:
    rows = queries.payments_visible_to(user, right).filter(account__account_no=account_no, payment_no=number)
    found = rows.first()
    if found is None:
        raise Problem(_("There is no such payment."), field="number", code="not_found")
    return found


def _channel(user: Any) -> str:
    """Each integration is a channel of its own: its serials cannot meet those of another."""
    return f"api:{user.pk}"


def _key(text: str) -> tuple[int, int]:
    period, _dash, seq = text.partition("-")
    if not (period.isdigit() and seq.isdigit()):
        raise Problem(_("A bill is named like 202610-0. Nothing was booked."), field="bills", code="bad_bills")
    return int(period), int(seq)


def _out(payment: Payment, account_no: str) -> dict[str, Any]:
    return {
        "account_no": account_no,
        "number": payment.payment_no,
        "kind": Payment.Kind(payment.kind).name.lower(),
        "amount": yuan(payment.amount_fen, thousands=False),
        "to_advance": yuan(payment.advance_fen, thousands=False),
        "tender": WORDS[payment.tender],
        "channel": payment.channel,
        "serial": payment.serial,
        "business_date": payment.business_on,
        "receipt_no": payment.receipt_no,
        "reverses": payment.refers_no,
    }
