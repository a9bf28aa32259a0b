"""Exchange files: requests carried out to the invoice platform."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.evidence.actions import open_file
from mainstay.gas.invoices import actions, queries
from mainstay.gas.invoices.models import Exchange
from mainstay.gas.invoices.views.invoices import InvoiceTable
from mainstay.web.pages import (
    Button,
    CodeColumn,
    CountColumn,
    DetailPage,
    Fact,
    FirstUse,
    FormPage,
    InstantColumn,
    ListPage,
    MoneyColumn,
    Page,
    Section,
    SignedRequest,
)

OUT = "gas.invoices.export_requests"
MOST_SHOWN = 50  # a file of a whole company holds thousands


class ExchangeTable(tables.Table):
    """Exchange files, newest first."""

    number = CodeColumn(linkify=("invoices:exchange_detail", [tables.A("pk")]), orderable=False)
    unit = tables.Column(orderable=False)
    requests = CountColumn(orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)
    by = tables.Column(orderable=False)
    at = InstantColumn(orderable=False)

    class Meta:
        model = Exchange
        fields = ("number", "unit", "requests", "amount_fen", "by", "at")
        order_by = "-id"


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
        return queries.exchanges_visible_to(self.request.user)


class ExchangeDetail(DetailPage):
    """One file: what it holds, and the hash by which it is told from any other."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """Files of the user's branches."""
        return queries.exchanges_visible_to(self.request.user)

    def get_title(self) -> Any:
        """Its number."""
        return self.subject.number

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Exchange files"), reverse("invoices:exchange_list"))]

    def facts(self) -> list[Fact]:
        """Of which branch, how much, by whom."""
        one = self.subject
        return [
            Fact(_("branch"), one.unit or "—"),
            Fact(_("requests"), f"{one.requests:,}", href=f"{reverse('invoices:invoice_list')}?exchange={one.number}"),
            Fact(_("amount"), one.amount_fen, "money"),
            Fact(_("by"), one.by),
            Fact(_("time"), one.at, "instant"),
            Fact(_("hash"), one.file.file.digest, "code", copy=True),
        ]

    def get_actions(self) -> list[Button]:
        """Take it away."""
        return [Button(_("Download file"), "invoices:exchange_file", (self.subject.pk,), icon="download", primary=True)]

    def sections(self) -> list[Section]:
        """Where its newest requests stand; the list of invoices has all of them."""
        rows = queries.invoices_visible_to(self.request.user).filter(exchange=self.subject).order_by("-id")
        return [Section(_("Newest requests"), table=InvoiceTable(list(rows[:MOST_SHOWN]), request=self.request))]


class ExchangeFile(Page):
    """A file, as it left."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give it as a download."""
        found = get_object_or_404(queries.exchanges_visible_to(request.user), pk=kwargs["pk"])
        name = f"{found.number}.csv"
        return FileResponse(open_file(found.file.file), as_attachment=True, filename=name, content_type="text/csv")


class ExchangeMake(FormPage):
    """Carry requests out."""

    title = _("Carry out requests")
    right = OUT
    submit_label = _("Write exchange file")
    intro = _("All waiting requests go into one file, which is kept as it leaves.")

    from django.forms import Form as form_class  # nothing is asked

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """Below the files."""
        return [(_("Exchange files"), reverse("invoices:exchange_list"))]

    def action_call(self, form: Any, request: SignedRequest) -> Exchange:
        """Write it: of the whole company for who may, else of the person's own branch."""
        from mainstay.core.organisation.models import Unit
        from mainstay.core.sheets.actions import home_unit

        unit_id = home_unit(request.user, OUT)
        unit = Unit.objects.get(pk=unit_id) if unit_id else None
        return actions.export_requests(unit=unit, by=request.user)

    def success(self, result: Exchange) -> str:
        """To the files."""
        return reverse("invoices:exchange_list")
