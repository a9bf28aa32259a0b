"""Books: the list, one book, entry of readings, estimates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_tables2 as tables
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.gas.meters.models import Installation
from mainstay.gas.readings import actions, forms, queries
from mainstay.gas.readings.filters import BookFilter, period_in
from mainstay.gas.readings.models import Book
from mainstay.gas.readings.rules_words import doubt_sentences
from mainstay.gas.readings.tables import BookTable, RoundTable
from mainstay.gas.readings.tables_entry import Attempt, EntryLines
from mainstay.kit.dates import local_today, month_text, next_period, previous_period
from mainstay.kit.errors import Problem
from mainstay.web.pages import (
    Button,
    DetailPage,
    Fact,
    FirstUse,
    FormPage,
    ListPage,
    Outcome,
    Page,
    Section,
    SignedRequest,
    export,
)

LIST, DETAIL = "readings:book_list", "readings:book_detail"
CREATE = Button(_("Create book"), "readings:book_create", (), "gas.readings.create_book", "plus")
IMPORT = Button(
    _("Import readings"), "sheets:import_upload", ("gas.readings",), "gas.readings.import_readings", "upload", True
)


class BookList(ListPage):
    """Books with how far they are in a period."""

    title = _("Books")
    right = queries.VIEW
    table_class = BookTable
    filterset_class = BookFilter
    search_placeholder = _("code or name of a book")
    actions = (IMPORT, CREATE)
    first_use = FirstUse(_("No books yet"), _("A book is a reader's round: accounts in walking order."), CREATE)

    def queryset(self) -> Any:
        """Those within reach."""
        return queries.books_visible_to(self.request.user).select_related("unit", "reader__person")

    def make_table(self, rows: Any) -> tables.Table:
        """The numbers of all books when it becomes a sheet."""
        table = super().make_table(rows)
        if self.request.GET.get("export"):
            ids = list(rows.order_by().values_list("pk", flat=True))
            table.progress = queries.progress_of(ids, period_in(self.request.GET.get("period")))
        return table

    def list_context(self) -> dict[str, Any]:
        """The numbers of the books on this page."""
        context = super().list_context()
        table = context["table"]
        ids = [row.record.pk for row in table.paginated_rows]
        table.progress = queries.progress_of(ids, period_in(self.request.GET.get("period")))
        return context


class _OfBook(Page):
    """A page about one book within reach."""

    @cached_property
    def book(self) -> Book:
        """The book, or 404."""
        books = queries.books_visible_to(self.request.user, self.right or queries.VIEW)
        return get_object_or_404(books.select_related("unit", "reader__person"), pk=self.kwargs["pk"])

    @cached_property
    def period(self) -> int:
        """The period of the address."""
        return period_in(self.request.GET.get("period") or self.request.POST.get("period"))

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the book."""
        return [
            (_("Books"), reverse(LIST)),
            (self.book.code, f"{reverse(DETAIL, args=[self.book.pk])}?period={self.period}"),
        ]


class BookDetail(DetailPage):
    """One book in one period."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """Those within reach."""
        return queries.books_visible_to(self.request.user).select_related("unit", "reader__person")

    @cached_property
    def period(self) -> int:
        """The period of the address."""
        return period_in(self.request.GET.get("period"))

    def get_title(self) -> Any:
        """Name and period."""
        return f"{self.subject.code} {self.subject.name} · {month_text(self.period)}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Books"), f"{reverse(LIST)}?period={self.period}")]

    def get_actions(self) -> Sequence[Button]:
        """Enter, estimate, change, other periods."""
        pk, period = self.subject.pk, f"?period={self.period}"
        enter = reverse("readings:book_entry", args=[pk]) + period
        rest = reverse("readings:book_estimate", args=[pk]) + period
        right = "gas.readings.record_reading"
        before, after = previous_period(self.period), next_period(self.period)
        return [
            Button(_("Enter readings"), enter, (), right, "keyboard", primary=True, key="F8"),
            Button(_("Estimate the rest"), rest, (), "gas.readings.estimate_book", "calculator"),
            Button(_("Sheet of the round"), reverse("readings:book_sheet", args=[pk]) + period, icon="download"),
            Button(_("Change book"), "readings:book_change", (pk,), "gas.readings.change_book", "edit"),
            Button(month_text(before), f"?period={before}", icon="chevron-left"),
            Button(month_text(after), f"?period={after}", icon="chevron-right"),
        ]

    def facts(self) -> Sequence[Fact]:
        """Who, where, how far."""
        book = self.subject
        done = queries.progress_of([book.pk], self.period)[book.pk]
        work = f"{reverse('readings:worklist')}?book={book.code}&period={month_text(self.period)}"
        return [
            Fact(_("Branch"), book.unit),
            Fact(_("Reader"), book.reader or _("nobody")),
            Fact(_("Cycle"), book.get_cycle_display()),
            Fact(_("Number of accounts"), done.accounts),
            Fact(_("Read"), f"{done.read + done.questioned} ({done.percent} %)"),
            Fact(_("Estimated"), done.estimated),
            Fact(_("Questioned"), done.questioned, href=work if done.questioned else ""),
            Fact(_("Not read"), done.open),
        ]

    def sections(self) -> Sequence[Section]:
        """The round."""
        rows = queries.round_of(self.subject, self.period)
        return [Section(_("Round"), table=RoundTable(rows), count=len(rows))]


class BookSheet(_OfBook):
    """The round as a sheet: to be filled in and imported again as it is."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """xlsx, or csv with `?export=csv`."""
        table = RoundTable(queries.round_of(self.book, self.period))
        kind = request.GET.get("export", "xlsx")
        return export.response(table, kind, f"{self.book.code} {month_text(self.period)}")


class BookCreate(FormPage):
    """A new book."""

    title = _("Create book")
    right = "gas.readings.create_book"
    form_class = forms.BookForm
    submit_label = _("Create book")

    def form_kwargs(self) -> dict[str, Any]:
        """Branches within reach."""
        return {"user": self.request.user, "right": self.right}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Books"), reverse(LIST))]

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Create."""
        return actions.create_book(**form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """To the book."""
        return reverse(DETAIL, args=[result.pk])


class BookChange(_OfBook, FormPage):
    """Name, reader, cycle."""

    title = _("Change book")
    right = "gas.readings.change_book"
    form_class = forms.BookForm
    submit_label = _("Save book")

    def form_kwargs(self) -> dict[str, Any]:
        """Code and branch stay."""
        return {"user": self.request.user, "right": self.right, "book": self.book}

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {"name": self.book.name, "reader": self.book.reader, "cycle": self.book.cycle}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Save."""
        return actions.change_book(book=self.book, **form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """Back to the book."""
        return reverse(DETAIL, args=[result.pk])


class BookEstimate(_OfBook, FormPage):
    """Estimate everything that is not read."""

    title = _("Estimate the rest of the book")
    right = "gas.readings.estimate_book"
    form_class = forms.EstimateForm
    submit_label = _("Estimate the rest")
    intro = _(
        "Every meter without a reading of the period gets an estimate from its own history. "
        "The next real reading settles it, also downwards."
    )

    def initial(self) -> dict[str, Any]:
        """The period shown before."""
        return {"period": month_text(self.period)}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Estimate."""
        return actions.estimate_book(book=self.book, **form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> Any:
        """What happened."""
        back = f"{reverse(DETAIL, args=[self.book.pk])}?period={self.period}"
        return Outcome(
            _("%(count)s meters were estimated") % {"count": result.new},
            _("Meters without enough history are left: read them."),
            buttons=[Button(_("Back to the book"), back, primary=True)],
        )


class BookEntry(_OfBook):
    """One line an account: index, Enter, next."""

    right = "gas.readings.record_reading"
    template_name = "readings/entry.html"

    def get_title(self) -> Any:
        """Book and period."""
        return _("Enter readings: %(book)s, %(period)s") % {"book": self.book.code, "period": month_text(self.period)}

    def context(self, **extra: Any) -> dict[str, Any]:
        """The round, with what is still open first in focus."""
        rows = queries.round_of(self.book, self.period)
        done = sum(row["reading"] is not None for row in rows)
        drawn = EntryLines(self.book, self.period).all(rows)
        facts = {"rows": len(rows), "lines": drawn, "done": done, "today": local_today()}
        return super().context(**facts, **extra)


class EntryRecord(_OfBook):
    """Take one line; answers with the line as it is now."""

    right = "gas.readings.record_reading"

    def post(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Record, and say at once what is doubtful; what was typed stays when it is refused."""
        hung = Installation.objects.filter(account__book_entry__book=self.book, until_on=None)
        installation = get_object_or_404(
            hung.select_related("meter", "account__customer", "account__premise", "account__book_entry"),
            pk=self.kwargs["installation"],
        )
        form = forms.EntryForm(request.POST)
        error: Any = ""
        if form.is_valid():
            try:
                actions.record_reading(
                    installation=installation,
                    index_l=form.cleaned_data["index"],
                    taken_on=form.cleaned_data["taken_on"],
                    period=form.cleaned_data["period"],
                    by=self.request.user,
                )
            except Problem as problem:
                error = str(problem)
        else:
            error = " ".join(text for texts in form.errors.values() for text in map(str, texts))
        return self.line(installation, error)

    def line(self, installation: Installation, error: Any) -> HttpResponse:
        """The line again."""
        row = queries.line_of(installation, self.book, self.period)
        sentences = doubt_sentences(row["reading"].doubts) if row["reading"] else []
        attempt = Attempt(error, self.request.POST.get("index", "")[:16], sentences)
        drawn = EntryLines(self.book, self.period).line(row, attempt)
        return HttpResponse(drawn, status=422 if error else 200)
