"""What else a shift of the demonstration leaves behind: cheques, a receipt book, invoices, gas sold by card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from mainstay.core.access.models import User
from mainstay.gas.billing.models import OpenItem
from mainstay.gas.cards.actions import draft_order, pay_order, report_read, report_write
from mainstay.gas.cards.rules import CardState
from mainstay.gas.customers.models import Account
from mainstay.gas.invoices.actions import (
    deliver_invoice,
    export_requests,
    import_results,
    request_invoice,
    save_title,
)
from mainstay.gas.meters.actions import exchange_meter, register_meter
from mainstay.gas.payments.actions import clear_cheque, issue_receipt_book, print_on_form, take_payment, waste_forms
from mainstay.gas.payments.counter_rules import NewCheque
from mainstay.gas.payments.models import Allocation, Cheque, Payment, Shift
from mainstay.gas.readings.models import Reading
from mainstay.kit.dates import local_today

FORMS = 50
CHEQUES = (("30402310", "汇通酒楼有限公司"), ("30402377", "清溪佳苑物业"))
CARD_METER, CARD_NO = "IC20260618", "80004567"  # not the number of the simulated card
INVOICE_NO = "26352000000006180001"


def papers(shift: Shift, payments: Sequence[Payment], *, clerk: User, head: User) -> None:
    """Take a cheque, print some receipts on forms, ask for an invoice and carry it out."""
    _cheques(shift, payments, clerk)
    _cards(shift, clerk, head)
    series = f"{local_today():%y%m%d}"
    book = issue_receipt_book(
        unit=shift.till.unit, holder=clerk, series=series, first_no=1, last_no=FORMS, digits=4, by=head
    )
    for payment in payments[1:4]:
        print_on_form(payment=payment, by=clerk)
    waste_forms(book=book, last_no=4, reason="打印机卷破", by=clerk)
    _invoices(payments[1:3], clerk=clerk, head=head)


def _cheques(shift: Shift, payments: Sequence[Payment], clerk: User) -> None:
    """Two cheques: the bank has paid one, the other is on its way."""
    owing = OpenItem.objects.filter(account__unit=shift.till.unit_id, open_fen__gt=0)
    left = owing.exclude(account__in=[one.account_id for one in payments]).order_by("account_id")
    for place, account_id in enumerate(dict.fromkeys(left.values_list("account_id", flat=True)[:8])):
        if place >= len(CHEQUES):
            break
        owed = sum(OpenItem.objects.filter(account=account_id).values_list("open_fen", flat=True))
        if owed <= 0:
            continue
        number, drawer = CHEQUES[place]
        taken = take_payment(
            account=Account.objects.get(pk=account_id), amount_fen=owed, tender=int(Payment.Tender.CHEQUE),
            serial=f"demo-{shift.pk}-{number}", shift=shift, by=clerk,
            cheque=NewCheque(number, "汇通银行城西支行", drawer, local_today()),
        )  # fmt: skip
        if place:
            cheque = Cheque.objects.get(account=account_id, payment_no=taken.payment_no)
            clear_cheque(cheque=cheque, by=User.objects.get(username="finance"))


def _cards(shift: Shift, clerk: User, head: User) -> None:
    """A home gets a card meter and buys gas twice: one purchase is in the meter, one is paid and not on the card."""
    home = (
        Account.objects.filter(unit=shift.till.unit_id, category="residential", state="active")
        .exclude(customer__kind="firm").order_by("-account_no").first()
    )  # fmt: skip
    hung = home.installations.filter(until_on=None).first() if home else None
    if home is None or hung is None:
        return
    read = Reading.objects.filter(account=home, installation=hung, state=Reading.State.ACCEPTED)
    last = read.order_by("-taken_on", "-period").values_list("index_l", flat=True).first()
    meter = register_meter(
        meter_no=CARD_METER, unit=home.unit, kind="ic_card", maker="北川", verified_until=_in_ten_years(), by=head
    )
    exchange_meter(
        installation=hung, meter=meter, on=local_today(), last_index_l=last or hung.first_index_l, first_index_l=0,
        reason="改装卡表", by=head,
    )  # fmt: skip
    card = CardState(CARD_NO, 0)
    for cubic_metres in (30, 50):
        order = draft_order(account=home, card=card, volume_l=cubic_metres * 1_000, by=clerk)
        order = pay_order(order=order, tender=int(Payment.Tender.CASH), received_fen=order.amount_fen, by=clerk)
        if not card.purchases:
            card = CardState(CARD_NO, 1, order.number)
            report_write(order=order, card=card, by=clerk)
            report_read(order=order, card=card, by=clerk)


def _in_ten_years() -> date:
    return local_today().replace(day=1) + timedelta(days=3652)


def _invoices(payments: Sequence[Payment], *, clerk: User, head: User) -> None:
    """One invoice is back and delivered, one request waits."""
    for place, payment in enumerate(payments):
        rows = Allocation.objects.filter(account=payment.account_id, payment_no=payment.payment_no)
        bills = list(rows.values_list("period", "seq"))
        if bills:
            account = Account.objects.select_related("customer").get(pk=payment.account_id)
            save_title(account=account, name=account.customer.name, tax_no=_tax_no(account), by=clerk)
            asked = request_invoice(account=account, bills=bills, by=clerk)
            if not place:
                export_requests(unit=payment.unit, by=head)
                asked.refresh_from_db()
                result = {"ok": True, "invoice_no": INVOICE_NO, "issued_on": local_today(), "reason": ""}
                import_results(results=[(asked, result)], by=User.objects.get(username="finance2"))
                deliver_invoice(invoice=asked, way="电子邮件", by=clerk)


def _tax_no(account: Account) -> str:
    """A firm's number, made up but right in its form; none for a person."""
    from mainstay.gas.invoices.rules import check_sign

    first = f"91350100MA{account.pk % 10**7:07d}"
    return first + check_sign(first) if account.customer.kind == "firm" else ""
