"""Pages of invoices: the list, one invoice, asking, carrying out, taking back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.evidence.actions import open_file
from mainstay.gas.customers.models import Account
from mainstay.gas.invoices import actions, queries, rules
from mainstay.gas.invoices.forms import BillsForm, ReasonForm, TitleForm, WayForm, XmlForm
from mainstay.gas.invoices.models import BuyerTitle, Exchange, Invoice
from mainstay.gas.invoices.states import INVOICE
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan
from mainstay.web.pages import (
    BadgeColumn,
    Button,
    CodeColumn,
    CountColumn,
    DayColumn,
    DetailPage,
    Fact,
    FirstUse,
    FormPage,
    InstantColumn,
    ListPage,
    MoneyColumn,
    Outcome,
    Page,
    Section,
    steps_of,
)

ASK, TITLE, OUT = "gas.invoices.request_invoice", "gas.invoices.save_title", "gas.invoices.export_requests"
RED, WITHDRAW, DELIVER = "gas.invoices.request_red", "gas.invoices.withdraw_request", "gas.invoices.deliver_invoice"
XML, IN = "gas.invoices.keep_xml", "gas.invoices.import_results"


class InvoiceTable(tables.Table):
    """Invoices, newest first."""

    number = CodeColumn(linkify=("invoices:invoice_detail", [tables.A("pk")]), orderable=False)
    account = CodeColumn(accessor="account__account_no", verbose_name=_("account number"), orderable=False)
    title = tables.Column(orderable=False)
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
        return queries.invoices_visible_to(self.request.user)  # type: ignore[arg-type]  # nobody else gets in


def _invoice(request: HttpRequest, right: str, pk: int) -> Invoice:
    found: Invoice | None = queries.invoices_visible_to(request.user, right).filter(pk=pk).first()  # type: ignore[arg-type]
    if found is None:
        raise Http404
    return found


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
            Fact(pgettext_lazy("invoice", "title"), one.title),
            Fact(_("tax number"), one.tax_no or "—", "code"),
            Fact(_("amount"), one.amount_fen, "money"),
            Fact(_("VAT"), one.vat_fen, "money"),
            Fact(_("asked by"), one.by),
        ]
        if one.exchange:
            found.append(Fact(_("exchange file"), one.exchange.number, "code"))
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
        context = {"lines": list(source.lines.all()), "account": self.subject.account_id}
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
        return text % {"invoice": self.invoice, "title": self.invoice.title, "amount": yuan(self.invoice.amount_fen)}

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

    def action_call(self, form: Any, request: HttpRequest) -> Invoice:
        """Withdraw it."""
        return actions.withdraw_request(invoice=self.invoice, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]


class Red(_OfInvoice):
    """Ask for the red one."""

    title = _("Make red")
    right = RED
    submit_label = _("Request red invoice")
    danger = True

    def action_call(self, form: Any, request: HttpRequest) -> Invoice:
        """Ask for it."""
        return actions.request_red(invoice=self.invoice, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]


class Deliver(_OfInvoice):
    """Record the delivery."""

    title = _("Record delivery")
    right = DELIVER
    form_class = WayForm
    submit_label = _("Record delivery")

    def action_call(self, form: Any, request: HttpRequest) -> Invoice:
        """Record it."""
        return actions.deliver_invoice(invoice=self.invoice, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]


class Xml(Page):
    """The kept XML, byte for byte."""

    right = queries.VIEW

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
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

    def action_call(self, form: Any, request: HttpRequest) -> int:
        """Keep each with its invoice."""
        files = form.cleaned_data["xml"]
        with transaction.atomic():
            for file in files:
                actions.keep_xml(invoice=self.invoice_of(file), file=file, name=file.name, by=request.user)  # type: ignore[arg-type]
        return len(files)

    def invoice_of(self, file: Any) -> Invoice:
        """The invoice whose number the file carries; Problem when there is none."""
        text = file.read(actions.MOST_XML).decode("utf-8", "replace")
        file.seek(0)
        numbers = set(re.findall(r"(?<!\d)(?:\d{20}|\d{8})(?!\d)", text))
        rows = queries.invoices_visible_to(self.request.user, XML).filter(invoice_no__in=list(numbers)[:200])  # type: ignore[arg-type]
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


class ExchangeTable(tables.Table):
    """Exchange files, newest first."""

    number = CodeColumn(linkify=("invoices:exchange_file", [tables.A("pk")]), orderable=False)
    unit = tables.Column(orderable=False)
    requests = CountColumn(orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)
    hash = CodeColumn(accessor="file__file__digest", verbose_name=_("hash"), orderable=False)
    by = tables.Column(orderable=False)
    at = InstantColumn(orderable=False)

    class Meta:
        model = Exchange
        fields = ("number", "unit", "requests", "amount_fen", "hash", "by", "at")
        order_by = "-id"

    def render_hash(self, value: str) -> str:
        """Its beginning."""
        return value[:16]


class ExchangeList(ListPage):
    """Files that were carried out."""

    title = _("Exchange files")
    right = queries.VIEW
    table_class = ExchangeTable
    first_use = FirstUse(
        _("No exchange files yet"),
        _("A file holds all requests that wait; it is carried to the invoice platform and kept here as it left."),
        Button(_("Carry out requests"), "invoices:exchange_make", right=OUT, primary=True),
    )
    actions = (Button(_("Carry out requests"), "invoices:exchange_make", right=OUT, icon="download", primary=True),)

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Invoices"), reverse("invoices:invoice_list"))]

    def queryset(self) -> Any:
        """Files of the user's branches."""
        return queries.exchanges_visible_to(self.request.user)  # type: ignore[arg-type]


class ExchangeFile(Page):
    """A file, as it left."""

    right = queries.VIEW

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give it as a download."""
        found = queries.exchanges_visible_to(request.user).filter(pk=kwargs["pk"]).first()  # type: ignore[arg-type]
        if found is None:
            raise Http404
        name = f"{found.number}.csv"
        return FileResponse(open_file(found.file.file), as_attachment=True, filename=name, content_type="text/csv")


class ExchangeMake(FormPage):
    """Carry requests out."""

    title = _("Carry out requests")
    right = OUT
    submit_label = _("Write exchange file")
    intro = _("All waiting requests go into one file, which is kept as it leaves.")

    from django.forms import Form as form_class  # nothing is asked

    def action_call(self, form: Any, request: HttpRequest) -> Exchange:
        """Write it: of the whole company for who may, else of the person's own branch."""
        from mainstay.core.organisation.models import Unit
        from mainstay.core.sheets.actions import home_unit

        unit_id = home_unit(request.user, OUT)  # type: ignore[arg-type]
        unit = Unit.objects.get(pk=unit_id) if unit_id else None
        return actions.export_requests(unit=unit, by=request.user)  # type: ignore[arg-type]

    def success(self, result: Exchange) -> str:
        """To the files."""
        return reverse("invoices:exchange_list")


def _account(request: HttpRequest, right: str, pk: int) -> Account:
    rows = Account.objects.visible_to(request.user, right).select_related("customer", "unit")  # type: ignore[arg-type]
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


class AccountInvoices(Page):
    """The tab "invoices" of an account's page."""

    right = queries.VIEW

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Title, invoices, the way to ask for one."""
        account = _account(request, queries.VIEW, kwargs["account"])
        return self.page(
            "invoices/account_tab.html",
            account=account,
            title_kept=queries.title_of(account),
            invoices=queries.invoices_of(account),
            hues=INVOICE.hues,
            may_ask=self.may(ASK),
            may_save=self.may(TITLE),
        )


class _OfAccount(FormPage):
    """Something about an account's invoices."""

    @cached_property
    def account(self) -> Account:
        """The account, or 404."""
        return _account(self.request, self.right or "", self.kwargs["account"])

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The account above."""
        return [(self.account.account_no, reverse("customers:account_detail", args=[self.account.pk]))]


class InvoiceAsk(_OfAccount):
    """Ask for an invoice."""

    title = _("Request invoice")
    right = ASK
    form_class = BillsForm
    submit_label = _("Request invoice")

    @property
    def intro(self) -> Any:
        """Whom it is made out to."""
        title = queries.title_of(self.account)
        return _now("Made out to %(title)s %(tax_no)s") % {"title": title.name, "tax_no": title.tax_no}

    def form_kwargs(self) -> dict[str, Any]:
        """Bills that are on no invoice."""
        bills = queries.open_bills(self.account)
        words = _now("%(month)s: %(amount)s yuan")
        return {
            "bills": [
                (
                    f"{one.period}-{one.seq}",
                    words % {"month": f"{one.period // 100}-{one.period % 100:02d}", "amount": yuan(one.amount_fen)},
                )
                for one in bills
            ]
        }

    def action_call(self, form: Any, request: HttpRequest) -> Invoice:
        """Ask for it."""
        return actions.request_invoice(account=self.account, bills=form.cleaned_data["bills"], by=request.user)  # type: ignore[arg-type]

    def success(self, result: Invoice) -> str:
        """To the request."""
        return reverse("invoices:invoice_detail", args=[result.pk])


class TitleSave(_OfAccount):
    """Keep what invoices are made out to."""

    title = _("Buyer's title")
    right = TITLE
    form_class = TitleForm
    submit_label = _("Save title")

    def initial(self) -> dict[str, Any]:
        """As kept, else the customer's own name."""
        kept = queries.title_of(self.account)
        return {name: getattr(kept, name) for name in TitleForm.base_fields}

    def action_call(self, form: Any, request: HttpRequest) -> BuyerTitle:
        """Save it."""
        return actions.save_title(account=self.account, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]

    def success(self, result: BuyerTitle) -> str:
        """Ask for an invoice next."""
        return reverse("invoices:invoice_ask", args=[self.account.pk])
