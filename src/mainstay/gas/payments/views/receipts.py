"""Receipt books and forms: hand out, print, waste, void, take back; the printer of a till."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters as filters
import django_tables2 as tables
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import rights
from mainstay.core.organisation.models import Unit
from mainstay.gas.payments import form_papers, queries
from mainstay.gas.payments.actions import (
    issue_receipt_book,
    open_shift_of,
    print_on_form,
    reprint_on_form,
    return_receipt_book,
    void_form,
    waste_forms,
)
from mainstay.gas.payments.forms import BookForm, CountForm, ReasonForm, WasteForm
from mainstay.gas.payments.models import Payment, ReceiptBook, ReceiptSlip, Till
from mainstay.kit.pdf import render_pdf
from mainstay.web.pages import (
    BadgeColumn,
    Button,
    CodeColumn,
    CountColumn,
    DetailPage,
    Fact,
    FirstUse,
    FormPage,
    InstantColumn,
    ListPage,
    Page,
    Section,
    SignedRequest,
)

ISSUE, RETURN = "gas.payments.issue_receipt_book", "gas.payments.return_receipt_book"
PRINT, REPRINT = "gas.payments.print_on_form", "gas.payments.reprint_on_form"
WASTE, VOID = "gas.payments.waste_forms", "gas.payments.void_form"
BOOK_HUES = {
    ReceiptBook.State.OPEN: "blue", ReceiptBook.State.FINISHED: "green", ReceiptBook.State.RETURNED: "grey",
}  # fmt: skip
SLIP_HUES = {ReceiptSlip.State.USED: "green", ReceiptSlip.State.VOID: "red", ReceiptSlip.State.WASTED: "amber"}


class BookTable(tables.Table):
    """Receipt books, newest first."""

    range = CodeColumn(
        accessor="pk", verbose_name=_("numbers"), linkify=("payments:book_detail", [tables.A("pk")]), orderable=False
    )
    holder = tables.Column(orderable=False)
    unit = tables.Column(orderable=False)
    left = CountColumn(empty_values=(), verbose_name=_("left"), orderable=False)
    state = BadgeColumn(hues=BOOK_HUES, orderable=False)
    issued_at = InstantColumn(orderable=False)

    class Meta:
        model = ReceiptBook
        fields = ("range", "holder", "unit", "left", "state", "issued_at")
        order_by = "-id"

    def render_range(self, record: ReceiptBook) -> str:
        """First and last number."""
        return str(record)

    value_range = render_range

    def render_left(self, record: ReceiptBook) -> int:
        """Forms not used yet."""
        return record.last_no - record.next_no + 1

    value_left = render_left


class BookFilter(filters.FilterSet):
    """By state."""

    state = filters.ChoiceFilter(choices=ReceiptBook.State.choices, label=_("state"))

    class Meta:
        model = ReceiptBook
        fields = ("state",)


class BookList(ListPage):
    """Receipt books: a clerk's own, and those of the branch for who hands them out."""

    title = _("Receipt books")
    right = PRINT
    table_class = BookTable
    filterset_class = BookFilter
    search_fields = ("series", "holder__person__name_zh", "holder__username")
    search_placeholder = _("Series or holder")
    first_use = FirstUse(
        _("No receipt books yet"),
        _("A book is a run of pre-printed forms in a clerk's hands; every number of it is accounted for."),
        Button(_("Hand out receipt book"), "payments:book_issue", right=ISSUE, primary=True),
    )
    actions = (Button(_("Hand out receipt book"), "payments:book_issue", right=ISSUE, icon="plus", primary=True),)

    def queryset(self) -> Any:
        """Books the user may see."""
        return queries.books_visible_to(self.request.user)


def _book(request: SignedRequest, pk: int) -> ReceiptBook:
    return get_object_or_404(queries.books_visible_to(request.user), pk=pk)


class BookDetail(DetailPage):
    """A book: its count explained, and what became of its forms."""

    right = PRINT

    @cached_property
    def subject(self) -> ReceiptBook:
        """The book, or 404."""
        return _book(self.request, self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Receipt books"), reverse("payments:book_list"))]

    def badge(self) -> tuple[Any, str]:
        """Its state."""
        return self.subject.get_state_display(), BOOK_HUES[ReceiptBook.State(self.subject.state)]

    def facts(self) -> list[Fact]:
        """Holder, and the count: issued is used, void, wasted and left together."""
        book, count = self.subject, queries.count_of(self.subject)
        left = f"{book.number(book.next_no)}–{book.number(book.last_no)}" if count.left else "—"
        return [
            Fact(_("holder"), book.holder),
            Fact(_("branch"), book.unit),
            Fact(_("issued at"), book.issued_at, "instant"),
            Fact(_("issued forms"), count.issued),
            Fact(_("used forms"), count.used),
            Fact(_("void forms"), count.void),
            Fact(_("wasted forms"), count.wasted),
            Fact(_("forms left"), count.left),
            Fact(_("numbers left"), left, "code"),
        ]

    def notices(self) -> Sequence[tuple[str, Any]]:
        """A number nothing explains."""
        missing = queries.count_of(self.subject).missing
        return [("red", _("%(n)s numbers are not accounted for.") % {"n": missing})] if missing else []

    def get_actions(self) -> Sequence[Button]:
        """Waste forms, take the rest back."""
        if self.subject.state != ReceiptBook.State.OPEN:
            return ()
        key = (self.subject.pk,)
        return (
            Button(_("Record wasted forms"), "payments:book_waste", key, right=WASTE, icon="trash"),
            Button(_("Take back receipt book"), "payments:book_return", key, right=RETURN, icon="arrow-back-up"),
        )

    def sections(self) -> list[Section]:
        """The latest forms, newest first."""
        slips = queries.slips_of_book(self.subject)
        return [Section(_("Forms"), template="payments/forms_used.html", context={"slips": slips, "hues": SLIP_HUES})]


class BookIssue(FormPage):
    """Hand out a book."""

    title = _("Hand out receipt book")
    right = ISSUE
    form_class = BookForm
    submit_label = _("Hand out receipt book")

    def form_kwargs(self) -> dict[str, Any]:
        """Branches within reach, and people who take money."""
        ids = rights.unit_ids(self.request.user, ISSUE)
        units = Unit.objects.filter(closed_on=None)
        return {"units": units if ids is None else units.filter(pk__in=ids), "holders": queries.people_at_counters()}

    def action_call(self, form: Any, request: SignedRequest) -> ReceiptBook:
        """Hand it out."""
        return issue_receipt_book(by=request.user, **form.cleaned_data)

    def success(self, result: ReceiptBook) -> str:
        """To the book."""
        return reverse("payments:book_detail", args=[result.pk])


class _OfBook(FormPage):
    """An act on a book."""

    @cached_property
    def book(self) -> ReceiptBook:
        """The book, or 404."""
        return _book(self.request, self.kwargs["pk"])

    @property
    def intro(self) -> Any:
        """What is left of it."""
        book = self.book
        text = _("Book %(book)s: %(first)s to %(last)s are left.")
        return text % {"book": book, "first": book.number(book.next_no), "last": book.number(book.last_no)}

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The book above."""
        return [(str(self.book), reverse("payments:book_detail", args=[self.book.pk]))]

    def success(self, result: Any) -> str:
        """Back to the book."""
        return reverse("payments:book_detail", args=[self.book.pk])


class BookWaste(_OfBook):
    """Record wasted forms."""

    title = _("Record wasted forms")
    right = WASTE
    form_class = WasteForm
    submit_label = _("Record wasted forms")

    def initial(self) -> dict[str, Any]:
        """One form most often."""
        return {"last_no": self.book.next_no}

    def action_call(self, form: Any, request: SignedRequest) -> int:
        """Record them."""
        return waste_forms(book=self.book, by=request.user, **form.cleaned_data)


class BookReturn(_OfBook):
    """Take the rest back."""

    title = _("Take back receipt book")
    right = RETURN
    form_class = CountForm
    submit_label = _("Take back receipt book")

    def action_call(self, form: Any, request: SignedRequest) -> ReceiptBook:
        """Take it back, counted."""
        return return_receipt_book(book=self.book, by=request.user, **form.cleaned_data)


class FormVoid(FormPage):
    """Void a used form."""

    title = _("Void receipt form")
    right = VOID
    form_class = ReasonForm
    submit_label = _("Void receipt form")
    danger = True

    @cached_property
    def slip(self) -> ReceiptSlip:
        """The form, or 404."""
        found = get_object_or_404(ReceiptSlip.objects.select_related("book"), pk=self.kwargs["pk"])
        _book(self.request, found.book_id)
        return found

    @property
    def intro(self) -> Any:
        """Its number."""
        return str(self.slip)

    def action_call(self, form: Any, request: SignedRequest) -> ReceiptSlip:
        """Void it."""
        return void_form(slip=self.slip, reason=form.cleaned_data["reason"], by=request.user)

    def success(self, result: ReceiptSlip) -> str:
        """Back to its book."""
        return reverse("payments:book_detail", args=[result.book_id])


def payment_of(request: SignedRequest, kwargs: dict[str, Any]) -> Payment:
    """The payment of an address within reach, with what a receipt shows; 404 otherwise."""
    rows = queries.payments_visible_to(request.user, queries.VIEW)
    rows = rows.select_related("account__premise__area", "account__customer", "by__person", "shift__till")
    return get_object_or_404(rows, account_id=kwargs["account"], payment_no=kwargs["number"])


class FormReceipt(Page):
    """The receipt of a payment on the next form of the clerk's book; shown again it is the same form."""

    right = PRINT

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Use a form where none is used yet, and give it as PDF for the printer of the till."""
        payment = payment_of(request, kwargs)
        slip = print_on_form(payment=payment, by=request.user)
        shift = open_shift_of(request.user)
        till = shift.till if shift else payment.shift.till if payment.shift else Till()
        till.layout = till.layout or next(iter(form_papers.layouts()))
        values = form_papers.slip_values(slip, payment, request.user)
        return _pdf(form_papers.form_data(till, values), f"receipt-{slip}.pdf")


class FormReprint(FormPage):
    """Print a receipt on a new form."""

    title = _("Reprint receipt on a new form")
    right = REPRINT
    form_class = ReasonForm
    submit_label = _("Reprint")
    intro = _("The form it was printed on becomes void; the new one is marked as a reprint.")

    def action_call(self, form: Any, request: SignedRequest) -> ReceiptSlip:
        """Void the old form, use the next."""
        payment = payment_of(request, self.kwargs)
        return reprint_on_form(payment=payment, reason=form.cleaned_data["reason"], by=request.user)

    def success(self, result: ReceiptSlip) -> str:
        """To the form."""
        return reverse("payments:form_receipt", args=[result.account_id, result.payment_no])


class TillTest(Page):
    """A sheet that shows how a till's printer is set."""

    right = "gas.payments.save_till"

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give the PDF; with `layout`, `right` and `down` in the address as they would be."""
        ids = rights.unit_ids(request.user, self.right)
        till = Till.objects.filter(pk=kwargs["pk"]).first()
        if till is None or (ids is not None and till.unit_id not in ids):
            raise Http404
        till.layout = till.layout or next(iter(form_papers.layouts()))
        return _pdf(form_papers.form_data(till, form_papers.test_values(), test=True), f"test-{till.code}.pdf")


def _pdf(data: dict[str, Any], name: str) -> HttpResponse:
    response = HttpResponse(render_pdf("receipt_form", data), "application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
