"""Invoices: the list, one invoice, its delivery, its red one, its XML file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db import transaction
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.evidence.actions import open_file
from mainstay.gas.invoices import actions, queries, rules
from mainstay.gas.invoices.forms import ReasonForm, WayForm, XmlForm
from mainstay.gas.invoices.models import Invoice
from mainstay.gas.invoices.states import INVOICE
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan
from mainstay.web.pages import (
    BadgeColumn,
    Button,
    CodeColumn,
    DayColumn,
    DetailPage,
    Fact,
    FirstUse,
    FormPage,
    InstantColumn,
    ListPage,
    MoneyColumn,
    NameColumn,
    Outcome,
    Page,
    Section,
    SignedRequest,
    steps_of,
)

OUT = "gas.invoices.export_requests"
RED, WITHDRAW, DELIVER = "gas.invoices.request_red", "gas.invoices.withdraw_request", "gas.invoices.deliver_invoice"
XML, IN = "gas.invoices.keep_xml", "gas.invoices.import_results"


class InvoiceTable(tables.Table):
    """Invoices, newest first."""

    number = CodeColumn(linkify=("invoices:invoice_detail", [tables.A("pk")]), orderable=False)
    account = CodeColumn(accessor="account__account_no", verbose_name=_("account number"), orderable=False)
    title = NameColumn(accessor="shown_title", verbose_name=pgettext_lazy("invoice", "title"), orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)
    state = BadgeColumn(hues=INVOICE.hues, orderable=False)
    invoice_no = CodeColumn(orderable=False)
    issued_on = DayColumn(orderable=False)
    at = InstantColumn(orderable=False)

    class Meta:
        model = Invoice
        fields = ("number", "account", "title", "amount_fen", "state", "invoice_no", "issued_on", "at")
        order_by = "-id"


class InvoiceFilter(filters.FilterSet):
    """By state, and those that must be made red."""

    q = filters.CharFilter(method="by_number", label=_("Search"))
    state = filters.ChoiceFilter(choices=Invoice.State.choices, label=_("state"))
    must = filters.ChoiceFilter(
        choices=[("red", _("bill taken back: must be made red"))], method="to_do", label=_("to do")
    )
    exchange = filters.CharFilter(field_name="exchange__number", label=_("exchange file"))

    class Meta:
        model = Invoice
        fields = ("state",)

    def by_number(self, rows: Any, _name: str, text: str) -> Any:
        """An account, request or invoice number as it is."""
        text = text.strip()
        for field in ("number", "invoice_no", "account__account_no"):
            found = rows.filter(**{field: text})
            if found.exists():
                return found
        return rows.none()

    def to_do(self, rows: Any, _name: str, _value: str) -> Any:
        """Invoices whose bill was taken back."""
        return rows.filter(pk__in=queries.must_be_red(self.request.user).values("pk"))


class InvoiceList(ListPage):
    """Invoices of the branches."""

    title = _("Invoices")
    right = queries.VIEW
    table_class = InvoiceTable
    filterset_class = InvoiceFilter
    search_placeholder = _("Account, request or invoice number")
    first_use = FirstUse(
        _("No invoices yet"),
        _("Ask for one on the page of an account, tab Invoices; requests are carried out together as a file."),
    )
    actions: Sequence[Button] = (
        Button(_("Exchange files"), "invoices:exchange_list", icon="files"),
        Button(_("Take XML files"), "invoices:xml_take", right=XML, icon="upload"),
        Button(_("Import results"), "sheets:import_upload", ("gas.invoices",), right=IN, icon="upload"),
        Button(_("Carry out requests"), "invoices:exchange_make", right=OUT, icon="download", primary=True),
    )

    def queryset(self) -> Any:
        """Invoices of the user's branches."""
        return queries.invoices_visible_to(self.request.user)


def _invoice(request: SignedRequest, right: str, pk: int) -> Invoice:
    return get_object_or_404(queries.invoices_visible_to(request.user, right), pk=pk)


class InvoiceDetail(DetailPage):
    """One invoice: where it stands, its bills, its file."""

    right = queries.VIEW

    @cached_property
    def subject(self) -> Invoice:
        """The invoice, or 404."""
        return _invoice(self.request, queries.VIEW, self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Invoices"), reverse("invoices:invoice_list"))]

    def badge(self) -> tuple[Any, str]:
        """Its state."""
        return self.subject.get_state_display(), INVOICE.hues[self.subject.state]

    def steps(self) -> Any:
        """Requested, sent out, issued, delivered."""
        return steps_of(INVOICE.path, self.subject.state)

    def facts(self) -> list[Fact]:
        """Whom it is for, how much, what came back."""
        one = self.subject
        found = [
            Fact(_("account number"), one.account.account_no, "code", copy=True),
            Fact(pgettext_lazy("invoice", "title"), one.shown_title),
            Fact(_("tax number"), one.tax_no or "—", "code"),
            Fact(_("amount"), one.amount_fen, "money"),
            Fact(_("VAT"), one.vat_fen, "money"),
            Fact(_("asked by"), one.by),
        ]
        if one.exchange:
            seen = queries.may_see_exchange(self.request.user, one.exchange)  # the company's is no branch's
            url = reverse("invoices:exchange_detail", args=[one.exchange_id]) if seen else ""
            found.append(Fact(_("exchange file"), one.exchange.number, "code", href=url))
        if one.invoice_no:
            found += [
                Fact(_("invoice number"), one.invoice_no, "code", copy=True),
                Fact(_("issued on"), one.issued_on, "date"),
            ]
        if one.xml:
            url = reverse("invoices:xml", args=[one.pk])
            found.append(Fact(_("XML file"), one.xml.file.digest[:16], "code", href=url))
        other = one.red_of or one.reds.first()
        if other:
            label = _("makes red") if one.red_of else _("red invoice")
            found.append(Fact(label, str(other), "code", href=reverse("invoices:invoice_detail", args=[other.pk])))
        return [*found, Fact(_("note"), one.note)] if one.note else found

    def get_actions(self) -> Sequence[Button]:
        """What can be done with it now."""
        one, key = self.subject, (self.subject.pk,)
        found = []
        if one.state == Invoice.State.REQUESTED:
            found.append(Button(_("Withdraw request"), "invoices:withdraw", key, right=WITHDRAW, icon="x", danger=True))
        if one.state in {Invoice.State.ISSUED, Invoice.State.DELIVERED} and one.red_of is None:
            found.append(Button(_("Make red"), "invoices:red", key, right=RED, icon="receipt-refund", danger=True))
        if one.state == Invoice.State.ISSUED:
            found.append(
                Button(_("Record delivery"), "invoices:deliver", key, right=DELIVER, icon="check", primary=True)
            )
        return found

    def sections(self) -> list[Section]:
        """Its bills."""
        source = self.subject.red_of or self.subject
        lines = list(source.lines.all())
        for line in lines if self.subject.red_of else ():  # a red one takes the lines of another back
            line.volume_l, line.vat_fen, line.amount_fen = -line.volume_l, -line.vat_fen, -line.amount_fen
        context = {"lines": lines, "account": self.subject.account_id}
        return [Section(_("Bills"), template="invoices/lines.html", context=context)]


class _OfInvoice(FormPage):
    """An act on an invoice."""

    form_class: Any = ReasonForm

    @cached_property
    def invoice(self) -> Invoice:
        """The invoice, or 404."""
        return _invoice(self.request, self.right or "", self.kwargs["pk"])

    @property
    def intro(self) -> Any:
        """Which."""
        text = _now("%(invoice)s for %(title)s, %(amount)s yuan.")
        return text % {
            "invoice": self.invoice,
            "title": self.invoice.shown_title,
            "amount": yuan(self.invoice.amount_fen),
        }

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The invoice above."""
        return [(str(self.invoice), reverse("invoices:invoice_detail", args=[self.invoice.pk]))]

    def success(self, result: Invoice) -> str:
        """To the invoice."""
        return reverse("invoices:invoice_detail", args=[result.pk])


class Withdraw(_OfInvoice):
    """Take a request back."""

    title = _("Withdraw request")
    right = WITHDRAW
    submit_label = _("Withdraw request")
    danger = True

    def action_call(self, form: Any, request: SignedRequest) -> Invoice:
        """Withdraw it."""
        return actions.withdraw_request(invoice=self.invoice, by=request.user, **form.cleaned_data)


class Red(_OfInvoice):
    """Ask for the red one."""

    title = _("Make red")
    right = RED
    submit_label = _("Request red invoice")
    danger = True

    def action_call(self, form: Any, request: SignedRequest) -> Invoice:
        """Ask for it."""
        return actions.request_red(invoice=self.invoice, by=request.user, **form.cleaned_data)


class Deliver(_OfInvoice):
    """Record the delivery."""

    title = _("Record delivery")
    right = DELIVER
    form_class = WayForm
    submit_label = _("Record delivery")

    def action_call(self, form: Any, request: SignedRequest) -> Invoice:
        """Record it."""
        return actions.deliver_invoice(invoice=self.invoice, by=request.user, **form.cleaned_data)


class Xml(Page):
    """The kept XML, byte for byte."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give it as a download."""
        invoice = _invoice(request, queries.VIEW, kwargs["pk"])
        if invoice.xml is None:
            raise Http404
        name = f"{invoice.invoice_no}.xml"
        return FileResponse(open_file(invoice.xml.file), as_attachment=True, filename=name, content_type="text/xml")


class XmlTake(FormPage):
    """Take XML files in: all of them or none."""

    title = _("Take XML files")
    right = XML
    form_class = XmlForm
    submit_label = _("Keep XML files")
    intro = _("Each file finds its invoice by the number it carries. One wrong file, and none is kept.")

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Invoices"), reverse("invoices:invoice_list"))]

    def action_call(self, form: Any, request: SignedRequest) -> int:
        """Keep each with its invoice."""
        files = form.cleaned_data["xml"]
        with transaction.atomic():
            for file in files:
                actions.keep_xml(invoice=self.invoice_of(file), file=file, name=file.name, by=request.user)
        return len(files)

    def invoice_of(self, file: Any) -> Invoice:
        """The invoice whose number the file carries; Problem when there is none."""
        text = file.read(actions.MOST_XML).decode("utf-8", "replace")
        file.seek(0)
        numbers = set(re.findall(r"(?<!\d)(?:\d{20}|\d{8})(?!\d)", text))
        rows = queries.invoices_visible_to(self.request.user, XML).filter(invoice_no__in=list(numbers)[:200])
        found = [one for one in rows if rules.names_invoice(text, one.invoice_no, one.amount_fen)]
        if len(found) != 1:
            words = _("%(name)s belongs to no invoice issued here. No file was kept.")
            raise Problem(words % {"name": file.name}, field="xml", code="no_invoice")
        return found[0]

    def success(self, result: int) -> Outcome:
        """How many were kept."""
        button = Button(_("Invoices"), "invoices:invoice_list", primary=True)
        return Outcome(
            _("XML files kept"), _now("%(n)s files are kept as they came.") % {"n": result}, buttons=[button]
        )
