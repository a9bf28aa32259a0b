"""What else a shift of the demonstration leaves behind: a cheque, a receipt book, an invoice on its way out."""

from __future__ import annotations

from collections.abc import Sequence

from mainstay.commands.words import _
from mainstay.core.access.models import User
from mainstay.gas.billing.models import OpenItem
from mainstay.gas.customers.models import Account
from mainstay.gas.invoices.actions import export_requests, request_invoice, save_title
from mainstay.gas.payments.actions import issue_receipt_book, print_on_form, take_payment, waste_forms
from mainstay.gas.payments.counter_rules import NewCheque
from mainstay.gas.payments.models import Allocation, Payment, Shift
from mainstay.kit.dates import local_today

FORMS = 50


def papers(shift: Shift, payments: Sequence[Payment], *, clerk: User, head: User) -> None:
    """Take a cheque, print some receipts on forms, ask for an invoice and carry it out."""
    account_id = (
        OpenItem.objects.filter(account__unit=shift.till.unit_id, open_fen__gt=0)
        .exclude(account__in=[one.account_id for one in payments])
        .order_by("account_id")
        .values_list("account_id", flat=True)
        .first()
    )
    if account_id is not None:
        owed = sum(OpenItem.objects.filter(account=account_id).values_list("open_fen", flat=True))
        given = NewCheque("30402310", "汇通银行城西支行", "汇通酒楼有限公司", local_today())
        account = Account.objects.get(pk=account_id)
        take_payment(
            account=account, amount_fen=owed, tender=int(Payment.Tender.CHEQUE), serial=f"demo-{shift.pk}-cheque",
            shift=shift, cheque=given, by=clerk,
        )  # fmt: skip
    series = f"{local_today():%y%m%d}"
    book = issue_receipt_book(
        unit=shift.till.unit, holder=clerk, series=series, first_no=1, last_no=FORMS, digits=4, by=head
    )
    for payment in payments[1:4]:
        print_on_form(payment=payment, by=clerk)
    waste_forms(book=book, last_no=4, reason=_("Torn by the printer"), by=clerk)
    _invoices(payments[1:3], clerk=clerk, head=head)


def _invoices(payments: Sequence[Payment], *, clerk: User, head: User) -> None:
    """One request is carried out, one waits."""
    for place, payment in enumerate(payments):
        rows = Allocation.objects.filter(account=payment.account_id, payment_no=payment.payment_no)
        bills = list(rows.values_list("period", "seq"))
        if bills:
            account = Account.objects.select_related("customer").get(pk=payment.account_id)
            save_title(account=account, name=account.customer.name, tax_no=_tax_no(account), by=clerk)
            request_invoice(account=account, bills=bills, by=clerk)
            if not place:
                export_requests(unit=payment.unit, by=head)


def _tax_no(account: Account) -> str:
    """A firm's number, made up but right in its form; none for a person."""
    from mainstay.gas.invoices.rules import check_sign

    first = f"91350100MA{account.pk % 10**7:07d}"
    return first + check_sign(first) if account.customer.kind == "firm" else ""
