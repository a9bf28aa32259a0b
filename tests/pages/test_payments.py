"""The pages of cheques and receipt books."""

from __future__ import annotations

from typing import Any

from mainstay.core.organisation.models import Unit
from mainstay.gas.payments.actions import issue_receipt_book, print_on_form
from mainstay.gas.payments.counter_rules import NewCheque
from mainstay.gas.payments.models import Cheque, ReceiptBook, ReceiptSlip
from mainstay.gas.payments.queries import VIEW, VIEW_SHIFTS
from mainstay.kit.dates import local_today
from tests.gas.make import make_account, make_user
from tests.gas.payments.make import make_clerk, make_shift, make_till, pay
from tests.pages.battery import Page, Rows, battery

PRINT = "gas.payments.print_on_form"


def cheque(unit: Unit) -> dict[str, Any]:
    account, clerk = make_account(unit=unit), make_clerk(unit)
    shift = make_shift(clerk, make_till(unit))
    given = NewCheque(f"{account.pk:08d}", "汇通银行", "汇通酒楼", local_today())
    payment = pay(account, 1_000, clerk, shift, tender=6, cheque=given)
    return {"pk": Cheque.objects.get(account=account, payment_no=payment.payment_no).pk}


def slip(unit: Unit) -> ReceiptSlip:
    account, clerk = make_account(unit=unit), make_clerk(unit, PRINT)
    first = ReceiptBook.objects.count() * 100 + 1
    facts = {"unit": unit, "holder": clerk, "series": "P", "first_no": first, "last_no": first + 9}
    issue_receipt_book(**facts, by=make_user("gas.payments.issue_receipt_book"))
    return print_on_form(payment=pay(account, 1_000, clerk, make_shift(clerk, make_till(unit))), by=clerk)


def book(unit: Unit) -> dict[str, Any]:
    return {"pk": slip(unit).book_id}


def payment(unit: Unit) -> dict[str, Any]:
    made = slip(unit)
    return {"account": made.account_id, "number": made.payment_no}


TestCheques = battery(
    Page("payments:cheque_list", VIEW, Rows(cheque), extra=("gas.payments.clear_cheque",)),
    Page("payments:cheque_detail", VIEW, cheque, extra=("gas.payments.clear_cheque", "gas.payments.bounce_cheque")),
    Page("payments:cheque_clear", "gas.payments.clear_cheque", cheque),
    Page("payments:cheque_bounce", "gas.payments.bounce_cheque", cheque),
)
TestReceiptBooks = battery(
    Page("payments:book_list", PRINT, Rows(book), extra=(VIEW_SHIFTS,)),
    Page("payments:book_detail", PRINT, book, extra=(VIEW_SHIFTS, "gas.payments.waste_forms")),
    Page("payments:book_issue", "gas.payments.issue_receipt_book", by_unit=False),
    Page("payments:book_waste", "gas.payments.waste_forms", book, extra=(VIEW_SHIFTS,)),
    Page("payments:book_return", "gas.payments.return_receipt_book", book, extra=(VIEW_SHIFTS,)),
    Page("payments:form_void", "gas.payments.void_form", lambda unit: {"pk": slip(unit).pk}, extra=(VIEW_SHIFTS,)),
    Page("payments:form_reprint", "gas.payments.reprint_on_form", payment, extra=(VIEW,), by_unit=False),
)
