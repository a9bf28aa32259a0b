"""Pages of the ledger: vouchers, the trial balance."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import rights
from mainstay.core.organisation.models import Unit
from mainstay.gas.ledger import export_papers, papers, queries
from mainstay.gas.ledger.actions import make_voucher
from mainstay.gas.ledger.models import Voucher
from mainstay.gas.ledger.tables import VoucherTable
from mainstay.kit.dates import local_today, parse_date
from mainstay.kit.errors import Problem
from mainstay.kit.pdf import render_pdf
from mainstay.kit.sheets import OutColumn, write_xlsx
from mainstay.web.pages import (
    BatchAction,
    Button,
    DetailPage,
    Fact,
    FirstUse,
    FormPage,
    ListPage,
    Page,
    Section,
    SignedRequest,
)

MAKE = "gas.ledger.make_voucher"
MOST_VOUCHERS = 5_000
DAY_CLOSES = _(
    "Closing the day cannot be undone: it then takes no payment, bill, refund or reversal of this branch. What is "
    "wrong is put right on a later day. Close all shifts of the day first."
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class VoucherFilter(filters.FilterSet):
    """By day."""

    business_on = filters.DateFilter(label=_("business date"), widget=forms.DateInput(attrs={"type": "date"}))

    class Meta:
        model = Voucher
        fields = ("business_on",)


class VoucherList(ListPage):
    """Daily vouchers for the finance system."""

    title = _("Vouchers")
    right = queries.VIEW_LEDGER
    table_class = VoucherTable
    filterset_class = VoucherFilter
    first_use = FirstUse(
        _("No vouchers yet"),
        _("A voucher closes a branch's business day and sums its postings for the finance system."),
        Button(_("Make voucher"), "ledger:voucher_make", right=MAKE, primary=True),
    )
    actions = (
        Button(_("Trial balance"), "ledger:trial_balance", icon="scale"),
        Button(_("Make voucher"), "ledger:voucher_make", right=MAKE, icon="rubber-stamp", primary=True),
    )

    def queryset(self) -> Any:
        """Vouchers of the user's branches."""
        return queries.vouchers_visible_to(self.request.user)

    def usable_batch_actions(self) -> list[BatchAction]:
        """One export for each layout of a finance system."""
        return [
            BatchAction(f"export-{key}", title, _exporter(key), queries.VIEW_LEDGER, "file-spreadsheet")
            for key, title in export_papers.layout_choices()
        ]


class VoucherDetail(DetailPage):
    """One voucher with its lines."""

    right = queries.VIEW_LEDGER

    def queryset(self) -> Any:
        """Vouchers of the user's branches."""
        return queries.vouchers_visible_to(self.request.user)

    def get_title(self) -> Any:
        """Its number."""
        return self.subject.number

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Vouchers"), reverse("ledger:voucher_list"))]

    def facts(self) -> list[Fact]:
        """Day, branch, sums."""
        voucher = self.subject
        return [
            Fact(_("business date"), voucher.business_on, "date"),
            Fact(_("branch"), voucher.unit),
            Fact(_("postings"), voucher.postings),
            Fact(_("amount"), voucher.amount_fen, "money"),
            Fact(_("made by"), voucher.made_by),
            Fact(_("made at"), voucher.made_at, "instant"),
        ]

    def get_actions(self) -> list[Button]:
        """Print it, take it away as a sheet."""
        paper = Button(
            _("Print voucher"), "ledger:voucher_paper", (self.subject.pk,), icon="printer", new_tab=True, primary=True
        )
        return [
            paper,
            *(
                Button(title, "ledger:voucher_export", (self.subject.pk, key), icon="file-spreadsheet")
                for key, title in export_papers.layout_choices()
            ),
        ]

    def sections(self) -> list[Section]:
        """The lines with their two sums."""
        lines = list(self.subject.lines.select_related("ledger_account"))
        context = {
            "lines": lines,
            "debit_fen": sum(line.debit_fen for line in lines),
            "credit_fen": sum(line.credit_fen for line in lines),
        }
        return [Section(_("Lines"), template="ledger/voucher_lines.html", context=context)]


class VoucherPaper(Page):
    """A voucher as PDF."""

    right = queries.VIEW_LEDGER

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give the PDF."""
        voucher = get_object_or_404(queries.vouchers_visible_to(request.user), pk=kwargs["pk"])
        response = HttpResponse(render_pdf("voucher", papers.voucher_data(voucher, request.user)), "application/pdf")
        response["Content-Disposition"] = f'inline; filename="voucher-{voucher.number}.pdf"'
        return response


class VoucherExport(Page):
    """A voucher as a sheet for import into a finance system."""

    right = queries.VIEW_LEDGER

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Give the sheet."""
        rows = queries.vouchers_visible_to(request.user).filter(pk=kwargs["pk"])
        voucher = rows.prefetch_related("lines__ledger_account").first()
        if voucher is None:
            raise Http404
        return export_response(kwargs["layout"], [voucher])


def export_response(layout: str, vouchers: Sequence[Voucher]) -> HttpResponse:
    """Vouchers as a file in a layout."""
    content, kind, ending = export_papers.export(layout, vouchers)
    response = HttpResponse(content, kind)
    name = vouchers[0].number if len(vouchers) == 1 else f"{len(vouchers)}"
    response["Content-Disposition"] = f'attachment; filename="vouchers-{layout}-{name}.{ending}"'
    return response


def _exporter(layout: str) -> Any:
    def run(request: SignedRequest, rows: Any) -> HttpResponse:
        chosen = rows.select_related("unit", "made_by__person").prefetch_related("lines__ledger_account")
        return export_response(layout, list(chosen[:MOST_VOUCHERS]))

    return run


def only_unit(units: QuerySet[Unit]) -> dict[str, Unit]:
    """The first value of a choice of a branch: the only one there is, none among several."""
    found = list(units[:2])
    return {"unit": found[0]} if len(found) == 1 else {}


class VoucherForm(forms.Form):
    """Which branch, which day."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("branch"))
    business_on = forms.DateField(label=_("business date"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = units


class VoucherMake(FormPage):
    """Close a day and make its voucher."""

    title = _("Make voucher")
    right = MAKE
    form_class = VoucherForm
    submit_label = _("Close the day and make the voucher")

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Vouchers"), reverse("ledger:voucher_list"))]

    @cached_property
    def units(self) -> Any:
        """Branches within reach that have days to close."""
        return queries.units_with_days(self.request.user, MAKE)

    def initial(self) -> dict[str, Any]:
        """Yesterday is the day to be closed most often; the branch of who has just one."""
        yesterday = local_today() - dt.timedelta(days=1)
        return {"business_on": yesterday, **only_unit(self.units), **super().initial()}

    def notices(self) -> list[tuple[str, Any]]:
        """What closing the day means, before it is done."""
        return [("amber", DAY_CLOSES)]

    def form_kwargs(self) -> dict[str, Any]:
        """Branches within reach."""
        return {"units": self.units}

    def action_call(self, form: Any, request: SignedRequest) -> Voucher:
        """Make it."""
        return make_voucher(by=request.user, **form.cleaned_data)

    def success(self, result: Voucher) -> str:
        """To the voucher."""
        return reverse("ledger:voucher_detail", args=[result.pk])


class SpanPage(Page):
    """A page about a span of days."""

    right = queries.VIEW_LEDGER

    @cached_property
    def span(self) -> tuple[dt.date, dt.date]:
        """The days asked for: this month unless told."""
        today = local_today()
        given = (self.request.GET.get("from", ""), self.request.GET.get("until", ""))
        first = parse_date(given[0]) if given[0] else today.replace(day=1)
        last = parse_date(given[1]) if given[1] else today
        if first > last:
            raise Problem(_("The first day must not be after the last."), field="from", code="span")
        return first, last


class TrialBalance(SpanPage):
    """Opening, turnover and closing of every ledger account in a span of days; each row opens its days."""

    title = _("Trial balance")
    template_name = "ledger/trial_balance.html"

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Vouchers"), reverse("ledger:voucher_list"))]

    def get_actions(self) -> list[Button]:
        """Take it away as a sheet."""
        first, last = self.span
        url = f"?from={first.isoformat()}&until={last.isoformat()}&export=xlsx"
        return [Button(_("Export (.xlsx)"), url, icon="file-spreadsheet")]

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show it."""
        rows = queries.trial_balance(rights.unit_ids(request.user, queries.VIEW_LEDGER), *self.span)
        if request.GET.get("export") == "xlsx":
            return self.sheet(rows)
        totals = queries.trial_totals(rows)
        return self.page(rows=rows, totals=totals, opens=True, first=self.span[0], last=self.span[1])

    def sheet(self, rows: list[queries.TrialRow]) -> HttpResponse:
        """The same rows as a sheet."""
        money = (
            _("Opening, debit (yuan)"), _("Opening, credit (yuan)"), _("Debit (yuan)"), _("Credit (yuan)"),
            _("Closing, debit (yuan)"), _("Closing, credit (yuan)"),
        )  # fmt: skip
        heads = [OutColumn(_("code"), "int"), OutColumn(_("Ledger account"), width=28)]
        heads += [OutColumn(title, "money_fen") for title in money]
        lines = [(row.code, row.name, *row.columns) for row in rows]
        buffer = io.BytesIO()
        write_xlsx(buffer, _("Trial balance"), heads, lines)
        first, last = self.span
        response = HttpResponse(buffer.getvalue(), XLSX)
        response["Content-Disposition"] = f'attachment; filename="trial-balance-{first}-{last}.xlsx"'
        return response
