"""The counter: find the customer, take the money, give the receipt, next."""

from __future__ import annotations

import unicodedata
import uuid
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.events.providers import answers
from mainstay.gas.customers.models import Account
from mainstay.gas.payments import queries
from mainstay.gas.payments.actions import open_shift_of, sales, take_payment
from mainstay.gas.payments.counter_rules import NewCheque
from mainstay.gas.payments.models import Payment, Till
from mainstay.kit import masking
from mainstay.kit.dates import local_today, parse_date
from mainstay.kit.errors import Problem
from mainstay.kit.money import capitals, parse_yuan
from mainstay.web.pages import Button, Page, SignedRequest

TAKE = "gas.payments.take_payment"
HITS = 12


class Counter(Page):
    """The screen of a clerk's day. Everything on it is reached by keys."""

    title = _("Counter")
    right = TAKE
    template_name = "payments/counter.html"

    def get_actions(self) -> list[Button]:
        """The way to the shift."""
        shift = open_shift_of(self.request.user)
        if shift is None:
            return []
        return [Button(_("My shift"), "payments:shift_detail", (shift.pk,), icon="cash-register")]

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the counter; with `?account=` the customer is open at once, with `?q=` the search has begun."""
        shift = open_shift_of(request.user)
        panel: dict[str, Any] = {}
        if shift and request.GET.get("account", "").isdigit():
            panel = panel_of(request, int(request.GET["account"]))
        last = None
        if shift:
            last = shift.payments.filter(kind=Payment.Kind.PAYMENT).order_by("-at").first()
        last_url = receipt_address(last, shift.till) if shift and last else ""
        asked = request.GET.get("q", "").strip()
        panel["today"] = local_today()
        return self.page(shift=shift, last=last, last_url=last_url, asked=asked, **panel)


class Find(Page):
    """Look a customer up: the only hit opens at once, several are listed."""

    right = TAKE

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer with a fragment: the customer, or the hits."""
        chosen = request.GET.get("account", "")
        if chosen.isdigit():
            return render(request, "payments/counter_account.html", panel_of(request, int(chosen)))
        text = request.GET.get("q", "").strip()
        found = queries.find_accounts(request.user, text, limit=HITS + 1) if text else []
        if len(found) == 1:
            return render(request, "payments/counter_account.html", panel_of(request, found[0].pk))
        hits = [
            {
                "account": account,
                "name": account.customer.shown_name,
                "address": masking.address(account.premise.address),
                "phone": masking.phone(account.customer.phone),
            }
            for account in found[:HITS]
        ]
        return render(request, "payments/counter_hits.html", {"hits": hits, "text": text, "more": len(found) > HITS})


def panel_of(request: SignedRequest, account_id: int) -> dict[str, Any]:
    """What the clerk sees of one customer; 404 outside of the clerk's branches."""
    accounts = Account.objects.visible_to(request.user, TAKE)
    account = get_object_or_404(accounts.select_related("customer", "premise", "unit"), pk=account_id)
    due = queries.due_items(account)
    owed = [one for one in due if one.open_fen > 0]
    warnings = [one for found in answers("warnings_of_account", account=account, user=request.user) for one in found]
    stops = sales.stops_of_sale(account)
    today = local_today()
    fees: dict[Any, int] = {}
    for found in answers("late_fees_due", account=account, on=today):
        fees |= found
    return {
        "account": account,
        "name": account.customer.shown_name,
        "address": masking.address(account.premise.address),
        "phone": masking.phone(account.customer.phone),
        "due": [{"bill": one, "late": one.due_on < today, **_with_fee(one, fees)} for one in owed],
        "late": sum(one.due_on < today and not one.is_late_fee for one in owed),
        "due_fen": sum(one.open_fen for one in owed) + sum(fees.values()),
        "advance_fen": queries.advance_fen(account.pk),
        "payments": queries.last_payments(account.pk, 4),
        "warnings": warnings,
        "stops": stops,
        "consent": sales.consent_of(account) if stops else None,
        "tenders": Payment.counter_tenders(),
        "cheque": int(Payment.Tender.CHEQUE),
        "today": today,
        "serial": uuid.uuid4().hex,
    }


def _with_fee(due: queries.Due, fees: dict[Any, int]) -> dict[str, int]:
    """The late fee of a bill by today, and what it comes to with it."""
    fee = fees.get((due.period, due.seq), 0)
    return {"fee_fen": fee, "to_pay_fen": due.open_fen + fee}


class Pay(Page):
    """Take the payment. Answers with the line of success, or says what is wrong; always truly whether it was booked."""

    right = TAKE

    def post(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Book it; the same serial again gives the same payment."""
        sent = request.POST
        account = (
            Account.objects.visible_to(request.user, TAKE)
            .select_related("customer")
            .filter(pk=sent.get("account", "0") if sent.get("account", "").isdigit() else 0)
            .first()
        )
        if account is None:
            raise Problem(_("There is no such account. Nothing was booked."), code="no_account")
        amount = parse_yuan(sent.get("amount", ""), field="amount")
        tender = int(sent["tender"]) if sent.get("tender", "").isdigit() else 0
        handed = sent.get("received", "").strip()
        received = parse_yuan(handed, field="received") if handed and tender == Payment.Tender.CASH else None
        payment = take_payment(
            account=account,
            amount_fen=amount,
            tender=tender,
            serial=sent.get("serial", ""),
            shift=open_shift_of(request.user),
            chosen=_keys(sent.getlist("bill")),
            received_fen=received,
            cheque=_cheque(sent) if tender == Payment.Tender.CHEQUE else None,
            by=request.user,
        )
        return self.done(request, payment, account)

    def done(self, request: SignedRequest, payment: Payment, account: Account) -> HttpResponse:
        """The line of success with receipt and change."""
        facts = {
            "payment": payment,
            "name": account.customer.shown_name,
            "capitals": capitals(payment.amount_fen),
            "change_fen": (payment.received_fen or payment.amount_fen) - payment.amount_fen,
            "receipt_url": receipt_address(payment, payment.shift.till if payment.shift else None),
            "at": timezone.now(),
        }
        return render(request, "payments/counter_done.html", facts)


def receipt_address(payment: Payment, till: Till | None) -> str:
    """Where the receipt of a payment is printed: on a form where the till has a needle printer, else on A5."""
    name = "payments:form_receipt" if till and till.layout else "payments:receipt"
    return reverse(name, args=[payment.account_id, payment.payment_no])


def _cheque(sent: Any) -> NewCheque:
    """The cheque as entered."""
    try:
        day = parse_date(sent.get("cheque_date", ""))
    except Problem as problem:
        raise Problem(str(problem), field="cheque_date", code="bad_date") from None
    number = unicodedata.normalize("NFKC", sent.get("cheque_number", "")).replace(" ", "")
    return NewCheque(number, sent.get("cheque_bank", "").strip()[:80], sent.get("cheque_drawer", "").strip()[:120], day)


def _keys(texts: list[str]) -> tuple[tuple[int, int], ...]:
    """Keys of the ticked bills: "202610-0"."""
    pairs = [text.split("-") for text in texts]
    if not all(len(pair) == 2 and pair[0].isdigit() and pair[1].isdigit() for pair in pairs):  # noqa: PLR2004
        raise Problem(_("The list of bills is damaged. Nothing was booked; load the page again."), code="bad_bills")
    return tuple((int(period), int(seq)) for period, seq in pairs)
