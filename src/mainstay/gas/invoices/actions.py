"""Every write about invoices: ask, carry out, take results and XML back, deliver, make red."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.documents.numbers import next_number
from mainstay.core.door import action, note_change
from mainstay.core.evidence.actions import store_file
from mainstay.gas.customers.models import Account
from mainstay.gas.invoices import queries, rules
from mainstay.gas.invoices.models import BuyerTitle, Exchange, Invoice, InvoiceLine
from mainstay.gas.invoices.states import INVOICE
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan
from mainstay.kit.sqlkit import lock
from mainstay.kit.volume import m3

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit

MOST_BILLS = 36
NO_TAX_NO = _("A firm's invoice needs its tax number: save its title first.")
MOST_XML = 5 * 1024 * 1024
HEADS = (
    "申请号", "类型", "原发票号码", "购方名称", "购方税号", "购方地址电话", "购方开户行账号",
    "户号", "所属期", "项目名称", "数量（立方米）", "金额（含税）", "税额", "交付方式",
)  # fmt: skip


@action(
    "gas.invoices.save_title",
    title=_("Save buyer's title"),
    unit=lambda account, **_: account.unit_id,
    subject=lambda account, **_: f"customers.account:{account.pk}",
)
def save_title(
    *,
    account: Account,
    name: str,
    tax_no: str = "",
    address_phone: str = "",
    bank_account: str = "",
    send_to: str = "",
    by: User,
) -> BuyerTitle:
    """Keep what an account's invoices are made out to. A firm needs its tax number, and its check digit must be right.

    Raises Problem naming the field.
    """
    name, tax_no = " ".join(name.split()), rules.plain_tax_no(tax_no)
    if not name:
        raise Problem(_("Write whom the invoice is made out to."), field="name", code="no_name")
    if account.customer.kind == "firm" and not tax_no:
        raise Problem(_("A firm's invoice needs its tax number."), field="tax_no", code="no_tax_no")
    fault = rules.tax_no_fault(tax_no) if tax_no else None
    if fault == "form":
        text = _("A tax number has 18 characters (15 or 20 digits for older ones): check it for a slip.")
        raise Problem(text, field="tax_no", code="tax_no_form")
    if fault == "check":
        text = _("The last character does not fit this tax number: one character is wrong.")
        raise Problem(text, field="tax_no", code="tax_no_check")
    facts = {"address_phone": address_phone.strip(), "bank_account": bank_account.strip(), "send_to": send_to.strip()}
    title, _new = BuyerTitle.objects.update_or_create(
        account=account, defaults={"name": name, "tax_no": tax_no, **facts}
    )
    note_change(after={"account": account.account_no, "tax_no": bool(tax_no)})
    return title


@action(
    "gas.invoices.request_invoice",
    title=_("Request invoice"),
    unit=lambda account, **_: account.unit_id,
    subject=lambda account, **_: f"customers.account:{account.pk}",
)
def request_invoice(*, account: Account, bills: Sequence[tuple[int, int]], by: User) -> Invoice:
    """Ask for an invoice over bills (period, seq) of an account, made out to its kept title.

    No bill is ever on two invoices in force. Raises Problem (nothing asked): no bill, one that was taken back or is on
    an invoice already, a firm without a title.
    """
    lock("account", account.pk)
    wanted = set(bills)
    if not wanted or len(wanted) > MOST_BILLS:
        raise Problem(_("Choose 1 to %(most)s bills.") % {"most": MOST_BILLS}, field="bills", code="no_bills")
    found = [one for one in queries.open_bills(account, limit=1_000) if (one.period, one.seq) in wanted]
    if len(found) != len(wanted):
        text = _(
            "One of these bills is on an invoice already, or was taken back. Nothing was asked; load the page again."
        )
        raise Problem(text, field="bills", code="not_open")
    title = queries.title_of(account)
    if account.customer.kind == "firm" and not title.tax_no:
        raise Problem(NO_TAX_NO, code="no_tax_no")
    amount_fen, vat_fen = rules.together(found)
    buyer = {name: getattr(title, name) for name in ("address_phone", "bank_account", "send_to")}
    made_out = {"title": title.name, "tax_no": title.tax_no, "buyer": buyer}
    invoice = _create(account, by, amount_fen=amount_fen, vat_fen=vat_fen, **made_out)
    try:
        with transaction.atomic():
            InvoiceLine.objects.bulk_create(
                InvoiceLine(
                    invoice=invoice, account=account, period=one.period, seq=one.seq, amount_fen=one.amount_fen,
                    vat_fen=one.vat_fen, volume_l=one.volume_l,
                )
                for one in found
            )  # fmt: skip
    except IntegrityError:
        text = _("One of these bills is on an invoice already. Nothing was asked; load the page again.")
        raise Problem(text, field="bills", code="not_open") from None
    note_change(after={"number": invoice.number, "bills": len(found), "amount_fen": amount_fen})
    return invoice


def _create(account: Account, by: User, **facts: Any) -> Invoice:
    year = local_today().year
    number = f"FP{year}{next_number('invoice-request', year):07d}"
    return Invoice.objects.create(
        number=number, account=account, unit_id=account.unit_id, by=by, at=timezone.now(), **facts
    )


@action("gas.invoices.request_red", title=_("Request red invoice"), unit=lambda invoice, **_: invoice.unit_id)
def request_red(*, invoice: Invoice, reason: str, by: User) -> Invoice:
    """Ask for the red invoice (红字) that takes one in force back; its bills are free again once that is issued.

    Asking again returns the red request there is. Raises Problem (nothing asked): no reason, not in force.
    """
    if not reason.strip():
        raise Problem(_("Say why the invoice is made red."), field="reason", code="no_reason")
    lock("account", invoice.account_id)
    invoice.refresh_from_db()
    asked = invoice.reds.exclude(state__in=[Invoice.State.FAILED, Invoice.State.WITHDRAWN]).first()
    if asked is not None:
        return asked
    if invoice.red_of_id or invoice.state not in {Invoice.State.ISSUED, Invoice.State.DELIVERED}:
        raise Problem(_("Only an invoice in force can be made red."), code="not_in_force")
    made_out = {"title": invoice.title, "tax_no": invoice.tax_no, "buyer": invoice.buyer}
    amounts = {"amount_fen": -invoice.amount_fen, "vat_fen": -invoice.vat_fen}
    red = _create(invoice.account, by, red_of=invoice, note=reason.strip()[:200], **amounts, **made_out)
    note_change(after={"number": red.number, "red_of": invoice.invoice_no}, reason=reason)
    return red


@action("gas.invoices.withdraw_request", title=_("Withdraw invoice request"), unit=lambda invoice, **_: invoice.unit_id)
def withdraw_request(*, invoice: Invoice, reason: str, by: User) -> Invoice:
    """Take back a request that has not left the house: its bills are free again. Problem without a reason."""
    if not reason.strip():
        raise Problem(_("Say why the request is withdrawn."), field="reason", code="no_reason")
    lock("account", invoice.account_id)
    invoice.refresh_from_db()
    _move(invoice, Invoice.State.WITHDRAWN, note=reason.strip()[:200])
    invoice.lines.update(live=False)
    note_change(after={"number": invoice.number, "state": "withdrawn"}, reason=reason)
    return invoice


def _move(invoice: Invoice, target: str, **facts: object) -> None:
    """Lead an invoice to a state its graph allows, with what is known then."""
    INVOICE.require(invoice.state, target)
    invoice.state = target
    for name, value in facts.items():
        setattr(invoice, name, value)
    invoice.save(update_fields=["state", *facts])


@action(
    "gas.invoices.export_requests", title=_("Carry out invoice requests"), unit=lambda unit=None, **_: unit and unit.pk
)
def export_requests(*, unit: Unit | None = None, by: User) -> Exchange:
    """Write all waiting requests (of a branch and below, or of the company) into one file to be carried out.

    The file is kept as it left. Raises Problem when nothing waits.
    """
    lock("invoices.export", 0)
    rows = Invoice.objects.filter(state=Invoice.State.REQUESTED).select_related("account", "red_of").order_by("pk")
    if unit is not None:
        rows = rows.filter(unit__path__startswith=unit.path)
    invoices = list(rows.prefetch_related("lines"))
    if not invoices:
        raise Problem(_("No request waits. Nothing was written."), code="nothing_waits")
    year = local_today().year
    number = f"KP{year}{next_number('invoice-exchange', year):05d}"
    content = io.BytesIO(_sheet_of(invoices).encode("utf-8-sig"))
    attachment = store_file(file=content, name=f"{number}.csv", subject=f"invoices.exchange:{number}", by=by)
    exchange = Exchange.objects.create(
        number=number, unit=unit, file=attachment, requests=len(invoices),
        amount_fen=sum(one.amount_fen for one in invoices), by=by, at=timezone.now(),
    )  # fmt: skip
    Invoice.objects.filter(pk__in=[one.pk for one in invoices]).update(state=Invoice.State.SENT, exchange=exchange)
    note_change(after={"number": number, "requests": len(invoices), "amount_fen": exchange.amount_fen})
    return exchange


def _sheet_of(invoices: Sequence[Invoice]) -> str:
    """The requests as lines of a sheet, one for each bill; what a spreadsheet would take for a formula is quoted."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEADS)
    for one in invoices:
        origin = one.red_of.invoice_no if one.red_of else ""
        source = one.red_of if one.red_of else one
        sign = -1 if one.red_of else 1
        for line in source.lines.all():
            buyer = one.buyer
            writer.writerow(
                _plain(cell)
                for cell in (
                    one.number, "红字" if one.red_of else "蓝字", origin, one.title, one.tax_no,
                    buyer.get("address_phone", ""), buyer.get("bank_account", ""), one.account.account_no, line.period,
                    "管道燃气费", m3(sign * line.volume_l), yuan(sign * line.amount_fen, thousands=False),
                    yuan(sign * line.vat_fen, thousands=False), buyer.get("send_to", ""),
                )
            )  # fmt: skip
    return buffer.getvalue()


def _plain(cell: object) -> str:
    text = str(cell)
    return f"'{text}" if text[:1] in {"=", "+", "@", "\t"} else text


@action("gas.invoices.keep_xml", title=_("Keep the XML of an invoice"), unit=lambda invoice, **_: invoice.unit_id)
def keep_xml(*, invoice: Invoice, file: BinaryIO, name: str, by: User) -> Invoice:
    """Keep the XML of an issued invoice exactly as it came, under the hash of its content; the same file again is fine.

    Raises Problem (nothing kept): the invoice is not issued, the file is not XML or not about this invoice, another
    file is kept already.
    """
    if not invoice.invoice_no:
        raise Problem(_("This invoice has no number yet: import the results first."), code="not_issued")
    content = file.read(MOST_XML + 1)
    text = content[:MOST_XML].decode("utf-8", "replace")
    if len(content) > MOST_XML or "<" not in text[:200]:
        raise Problem(_("This file is no XML of an invoice."), field="xml", code="no_xml")
    if not rules.names_invoice(text, invoice.invoice_no, invoice.amount_fen):
        words = _("%(name)s does not carry the number and the amount of invoice %(no)s. It was not kept.")
        raise Problem(words % {"name": name, "no": invoice.invoice_no}, field="xml", code="other_invoice")
    attachment = store_file(file=io.BytesIO(content), name=name, subject=f"invoices.invoice:{invoice.pk}", by=by)
    if invoice.xml is not None and invoice.xml.file_id != attachment.file_id:
        words = _("Another file is kept for invoice %(no)s already; the first stays.")
        raise Problem(words % {"no": invoice.invoice_no}, field="xml", code="xml_kept")
    invoice.xml = attachment
    invoice.save(update_fields=["xml"])
    note_change(after={"invoice_no": invoice.invoice_no, "file": attachment.file.digest})
    return invoice


@action("gas.invoices.deliver_invoice", title=_("Deliver invoice"), unit=lambda invoice, **_: invoice.unit_id)
def deliver_invoice(*, invoice: Invoice, way: str, by: User) -> Invoice:
    """Record that the customer has the invoice, and how. Doing it again changes nothing."""
    if not way.strip():
        raise Problem(_("Say how the customer got it."), field="way", code="no_way")
    invoice.refresh_from_db()
    if invoice.state == Invoice.State.DELIVERED:
        return invoice
    _move(invoice, Invoice.State.DELIVERED, delivered_by=way.strip()[:60])
    note_change(after={"invoice_no": invoice.invoice_no, "way": way})
    return invoice


@action("gas.invoices.import_results", title=_("Import results of invoices"))
def import_results(*, results: Sequence[tuple[Invoice, dict[str, object]]], by: User) -> int:
    """Write what came back: (invoice, result) with `ok`, `invoice_no`, `issued_on`, `reason`; returns how many are new.

    A red invoice that was issued makes the one it takes back red; what failed frees its bills.
    """
    for invoice, result in results:
        if result["ok"]:
            facts = {"invoice_no": result["invoice_no"], "issued_on": result["issued_on"]}
            _move(invoice, Invoice.State.ISSUED, **facts)
            if invoice.red_of is not None:
                _move(invoice.red_of, Invoice.State.RED)
                invoice.red_of.lines.update(live=False)
        else:
            _move(invoice, Invoice.State.FAILED, note=str(result["reason"])[:200])
            invoice.lines.update(live=False)
    failed = sum(not result["ok"] for _invoice, result in results)
    note_change(after={"results": len(results), "failed": failed})
    return len(results)
