"""Pages of the finance section: chart of the sub-ledger, ledger sheets, closed months, deposits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_tables2 as tables
from django import forms
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.door import rights
from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account
from mainstay.gas.ledger import chart, queries
from mainstay.gas.ledger.models import ClosedMonth, LedgerAccount, Posting
from mainstay.gas.ledger.month_actions import close_month, reopen_month, save_ledger_account
from mainstay.gas.ledger.views import SpanPage, only_unit
from mainstay.kit.dates import add_months, local_today, month_text, parse_date, parse_period, period_of
from mainstay.kit.errors import Problem
from mainstay.web.pages import (
    BadgeColumn,
    Button,
    CodeColumn,
    DetailPage,
    Fact,
    FirstUse,
    FormPage,
    InstantColumn,
    ListPage,
    MoneyColumn,
    MonthColumn,
    Page,
    Section,
    SignedRequest,
)
from mainstay.web.pages.addresses import place

CLOSE, REOPEN, SAVE = "gas.ledger.close_month", "gas.ledger.reopen_month", "gas.ledger.save_ledger_account"
HUES = {ClosedMonth.State.CLOSED: "green", ClosedMonth.State.REOPENED: "amber"}


class Chart(Page):
    """The accounts of the sub-ledger, and which account of the finance system stands for each."""

    title = _("Ledger accounts")
    right = queries.VIEW_LEDGER
    template_name = "ledger/chart.html"

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show them."""
        return self.page(accounts=LedgerAccount.objects.all(), may_save=self.may(SAVE))


class CodeForm(forms.Form):
    """The account of the finance system."""

    finance_code = forms.CharField(
        label=_("account in the finance system"), max_length=30, required=False,
        help_text=_("Exports of vouchers carry it; without one they carry the code of the sub-ledger."),
    )  # fmt: skip


class ChartSave(FormPage):
    """Say which account of the finance system stands for one of the sub-ledger."""

    right = SAVE
    form_class = CodeForm
    submit_label = _("Save ledger account")

    @cached_property
    def account(self) -> LedgerAccount:
        """The account, or 404."""
        return get_object_or_404(LedgerAccount.objects, pk=self.kwargs["code"])

    def get_title(self) -> Any:
        """Code and name."""
        return f"{self.account.code} {self.account.name}"

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """Below the chart."""
        return [(_("Ledger accounts"), reverse("ledger:chart"))]

    def initial(self) -> dict[str, Any]:
        """What it is now."""
        return {"finance_code": self.account.finance_code}

    def action_call(self, form: Any, request: SignedRequest) -> LedgerAccount:
        """Save it."""
        return save_ledger_account(account=self.account, by=request.user, **form.cleaned_data)

    def success(self, result: LedgerAccount) -> str:
        """Back to the chart."""
        return reverse("ledger:chart")


class LedgerSheet(SpanPage):
    """One ledger account day by day (明细账): each day opens its postings."""

    template_name = "ledger/sheet.html"

    def get_title(self) -> Any:
        """Code and name."""
        return f"{self.account.code} {self.account.name}"

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The trial balance above."""
        return [(_("Trial balance"), reverse("ledger:trial_balance"))]

    @cached_property
    def account(self) -> LedgerAccount:
        """The account, or 404."""
        return get_object_or_404(LedgerAccount.objects, pk=self.kwargs["code"])

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show it."""
        units = rights.unit_ids(request.user, queries.VIEW_LEDGER)
        opening, rows = queries.ledger_sheet(self.account.code, units, *self.span)
        sums = {"debit": sum(row.debit_fen for row in rows), "credit": sum(row.credit_fen for row in rows)}
        closing = rows[-1].balance_fen if rows else opening
        first, last = self.span
        return self.page(
            account=self.account, opening=queries.Balance(opening), rows=rows, sums=sums,
            closing=queries.Balance(closing), first=first, last=last,
        )  # fmt: skip


class PostingTable(tables.Table):
    """Postings of a ledger account on a day."""

    account_id = CodeColumn(verbose_name=_("account number"), orderable=False)
    document = tables.Column(orderable=False)
    document_no = CodeColumn(orderable=False)
    debit = tables.Column(verbose_name=_("Debit account"), orderable=False)
    credit = tables.Column(verbose_name=_("Credit account"), orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)

    class Meta:
        model = Posting
        fields = ("account_id", "document", "document_no", "debit", "credit", "amount_fen")
        order_by = ()

    def before_render(self, request: Any) -> None:
        """Numbers of the accounts shown, with one query."""
        shown = {row.record.account_id for row in self.paginated_rows}
        self.numbers = dict(Account.objects.filter(pk__in=shown).values_list("pk", "account_no"))

    def render_account_id(self, value: int) -> Any:
        """The account's number; the company itself has none."""
        number = getattr(self, "numbers", {}).get(value)
        return place_link(value, number) if number else _("company")

    def value_account_id(self, value: int) -> Any:
        """The account's own key in a sheet."""
        return value

    def render_debit(self, value: LedgerAccount) -> str:
        """Code and name."""
        return f"{value.code} {value.name}"

    render_credit = value_debit = value_credit = render_debit


def place_link(account_id: int, number: str) -> Any:
    """The number of an account leading to its page."""
    from django.utils.html import format_html

    return format_html('<a href="{}">{}</a>', place("customers:account_detail", account_id), number)


class PostingList(ListPage):
    """The postings behind a day of a ledger sheet."""

    right = queries.VIEW_LEDGER
    table_class = PostingTable
    count_limit = 1_000

    def get_title(self) -> Any:
        """Account and day."""
        return f"{self.kwargs['code']} · {self.kwargs['day']}"

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The sheet above."""
        url = reverse("ledger:sheet", args=[self.kwargs["code"]])
        day = self.kwargs["day"]
        return [(_("Ledger account"), f"{url}?from={day[:8]}01&until={day}")]

    def queryset(self) -> Any:
        """Postings of the user's branches."""
        try:
            day = parse_date(self.kwargs["day"])
        except Problem:
            raise Http404 from None
        units = rights.unit_ids(self.request.user, queries.VIEW_LEDGER)
        return queries.postings_of(self.kwargs["code"], units, day)


class MonthTable(tables.Table):
    """Closed months, newest first."""

    period = MonthColumn(linkify=("ledger:month_detail", [tables.A("pk")]), orderable=False)
    unit = tables.Column(orderable=False)
    state = BadgeColumn(hues=HUES, orderable=False)
    closed_by = tables.Column(orderable=False)
    closed_at = InstantColumn(orderable=False)

    class Meta:
        model = ClosedMonth
        fields = ("period", "unit", "state", "closed_by", "closed_at")
        order_by = "-period"


class MonthList(ListPage):
    """Months that take no more postings."""

    title = _("Closed months")
    right = queries.VIEW_LEDGER
    table_class = MonthTable
    first_use = FirstUse(
        _("No month was closed yet"),
        _("Closing a month keeps its balances; none of its days takes postings any more."),
        Button(_("Close month"), "ledger:month_close", right=CLOSE, primary=True),
    )
    actions = (Button(_("Close month"), "ledger:month_close", right=CLOSE, icon="lock", primary=True),)

    def queryset(self) -> Any:
        """Months of the user's branches."""
        return queries.months_visible_to(self.request.user)


class MonthDetail(DetailPage):
    """A closed month with its balances."""

    right = queries.VIEW_LEDGER

    def queryset(self) -> Any:
        """Months of the user's branches."""
        return queries.months_visible_to(self.request.user)

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Closed months"), reverse("ledger:month_list"))]

    def badge(self) -> tuple[Any, str]:
        """Its state."""
        return self.subject.get_state_display(), HUES[ClosedMonth.State(self.subject.state)]

    def facts(self) -> list[Fact]:
        """Who closed it, who opened it again."""
        month = self.subject
        found = [
            Fact(_("closed by"), month.closed_by),
            Fact(pgettext_lazy("month", "closed at"), month.closed_at, "instant"),
        ]
        if month.reopened_by:
            found += [
                Fact(_("opened again by"), month.reopened_by),
                Fact(_("opened again at"), month.reopened_at, "instant"),
                Fact(_("reason"), month.reason),
            ]
        return found

    def get_actions(self) -> Sequence[Button]:
        """Open it again, or close it again."""
        if self.subject.state == ClosedMonth.State.CLOSED:
            return (
                Button(
                    _("Open month again"), "ledger:month_reopen", (self.subject.pk,), right=REOPEN, icon="lock-open",
                    danger=True,
                ),
            )  # fmt: skip
        period = self.subject.period
        url = f"{reverse('ledger:month_close')}?unit={self.subject.unit_id}&period={month_text(period)}"
        return (Button(_("Close month"), url, right=CLOSE, icon="lock", primary=True),)

    def sections(self) -> list[Section]:
        """Its trial balance."""
        kept = self.subject.balances.select_related("ledger_account")
        rows = [
            queries.TrialRow(one.ledger_account_id, one.ledger_account.name, one.opening_fen, one.debit_fen,
                             one.credit_fen)
            for one in kept
        ]  # fmt: skip
        context = {"rows": rows, "totals": queries.trial_totals(rows)}
        return [Section(_("Trial balance"), template="ledger/balances.html", context=context)]


class MonthForm(forms.Form):
    """Which branch, which month."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("branch"))
    period = forms.CharField(label=_("month"), widget=forms.TextInput(attrs={"type": "month"}))

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = units

    def clean_period(self) -> int:
        """Year and month as a number."""
        try:
            return parse_period(self.cleaned_data["period"])
        except Problem as problem:
            raise forms.ValidationError(str(problem)) from None


class MonthClose(FormPage):
    """Close a month."""

    title = _("Close month")
    right = CLOSE
    form_class = MonthForm
    submit_label = _("Close month")
    intro = _("Every day with postings must have its voucher. No day of the month takes postings afterwards.")

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The list above."""
        return [(_("Closed months"), reverse("ledger:month_list"))]

    @cached_property
    def units(self) -> Any:
        """Branches within reach that have days to close."""
        return queries.units_with_days(self.request.user, CLOSE)

    def initial(self) -> dict[str, Any]:
        """Last month most often; the branch of who has just one."""
        last = add_months(period_of(local_today()), -1)
        return {"period": month_text(last), **only_unit(self.units), **super().initial()}

    def form_kwargs(self) -> dict[str, Any]:
        """Branches within reach."""
        return {"units": self.units}

    def action_call(self, form: Any, request: SignedRequest) -> ClosedMonth:
        """Close it."""
        return close_month(by=request.user, **form.cleaned_data)

    def success(self, result: ClosedMonth) -> str:
        """To its balances."""
        return reverse("ledger:month_detail", args=[result.pk])


class ReopenForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class MonthReopen(FormPage):
    """Open a month again."""

    title = _("Open month again")
    right = REOPEN
    form_class = ReopenForm
    submit_label = _("Ask for consent")
    intro = _("Its last day takes corrections until the month is closed again; a second person must agree.")
    danger = True

    @cached_property
    def month(self) -> ClosedMonth:
        """The month, or 404."""
        ids = rights.unit_ids(self.request.user, REOPEN)
        found = ClosedMonth.objects.select_related("unit").filter(pk=self.kwargs["pk"]).first()
        if found is None or (ids is not None and found.unit_id not in ids):
            raise Http404
        return found

    def get_crumbs(self) -> list[tuple[Any, str]]:
        """The month above."""
        return [(str(self.month), reverse("ledger:month_detail", args=[self.month.pk]))]

    def action_call(self, form: Any, request: SignedRequest) -> ClosedMonth:
        """File it for the second person."""
        return reopen_month(month=self.month, reason=form.cleaned_data["reason"], by=request.user)

    def success(self, result: ClosedMonth) -> str:
        """Back to the month."""
        return reverse("ledger:month_detail", args=[result.pk])


class Deposits(Page):
    """Deposits held, by customer, as the ledger says."""

    title = _("Deposits held")
    right = queries.VIEW_LEDGER
    template_name = "ledger/deposits.html"

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show them, the largest first."""
        units = rights.unit_ids(request.user, queries.VIEW_LEDGER)
        held = queries.held_by_account(chart.DEPOSITS, units)
        accounts = Account.objects.select_related("customer", "unit").in_bulk([pk for pk, _fen in held])
        rows = [
            {"account": accounts[pk], "name": accounts[pk].customer.shown_name, "fen": fen}
            for pk, fen in held
            if pk in accounts
        ]
        return self.page(rows=rows, total=sum(row["fen"] for row in rows))
