"""The pages of invoices."""

from __future__ import annotations

from typing import Any

from mainstay.core.organisation.models import Unit
from mainstay.gas.invoices.actions import export_requests, request_invoice
from mainstay.gas.invoices.models import Invoice
from mainstay.gas.invoices.queries import VIEW
from mainstay.kit.dates import local_today
from tests.gas.make import make_account, make_user
from tests.gas.payments.make import make_bill
from tests.pages.battery import Page, Rows, battery

ASK = "gas.invoices.request_invoice"


def requested(unit: Unit) -> dict[str, Any]:
    account = make_account(unit=unit)
    make_bill(account, 202610, 5_220)
    return {"pk": request_invoice(account=account, bills=[(202610, 0)], by=make_user(ASK)).pk}


def issued(unit: Unit) -> dict[str, Any]:
    key = requested(unit)
    Invoice.objects.filter(**key).update(state="issued", invoice_no=f"{key['pk']:020d}", issued_on=local_today())
    return key


def exchange(unit: Unit) -> dict[str, Any]:
    requested(unit)
    return {"pk": export_requests(unit=unit, by=make_user("gas.invoices.export_requests")).pk}


def account(unit: Unit) -> dict[str, Any]:
    made = make_account(unit=unit)
    make_bill(made, 202610, 5_220)
    return {"account": made.pk}


TestInvoices = battery(
    Page("invoices:invoice_list", VIEW, Rows(requested), extra=("gas.invoices.export_requests",)),
    Page("invoices:invoice_detail", VIEW, issued, extra=("gas.invoices.deliver_invoice", "gas.invoices.request_red")),
    Page("invoices:withdraw", "gas.invoices.withdraw_request", requested),
    Page("invoices:red", "gas.invoices.request_red", issued),
    Page("invoices:deliver", "gas.invoices.deliver_invoice", issued),
    Page("invoices:xml_take", "gas.invoices.keep_xml", by_unit=False),
    Page("invoices:exchange_list", VIEW, Rows(exchange)),
    Page("invoices:exchange_detail", VIEW, exchange),
    Page("invoices:exchange_make", "gas.invoices.export_requests", by_unit=False),
    Page("invoices:invoice_ask", ASK, account),
    Page("invoices:title_save", "gas.invoices.save_title", account),
)
