"""Pages of bills: list, the bill that explains itself, its PDF, cancel and rebill."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2 as tables
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Unit
from mainstay.core.organisation.queries import units_visible_to
from mainstay.gas.billing import actions, queries
from mainstay.gas.billing.forms import AccountBillForm, ReasonForm
from mainstay.gas.billing.models import Bill, ChargeLine
from mainstay.gas.billing.paper import bill_data
from mainstay.gas.billing.queries_history import history_of
from mainstay.gas.billing.rights import VIEW_BILL
from mainstay.gas.billing.rules_words import why
from mainstay.gas.billing.views.history import picture_of
from mainstay.gas.customers.models import Account
from mainstay.gas.readings.filters import PeriodFilter
from mainstay.kit import masking
from mainstay.kit.pdf import render_pdf
from mainstay.web.pages import (
    BadgeColumn,
    Button,
    CodeColumn,
    DayColumn,
    DetailPage,
    Fact,
    FormPage,
    ListPage,
    MoneyColumn,
    NameColumn,
    Page,
    SignedRequest,
    VolumeColumn,
)  # fmt: skip

KIND_HUES = {
    1: "grey",
    2: "blue",
    3: "red",
    4: "amber",
    5: "amber",
    11: "amber",
    12: "green",
    13: "amber",
    14: "green",
    15: "red",
    6: "blue",
}


class BillTable(tables.Table):
    """Bills in the order of their key, newest account and period first: any part of it is read from one index."""

    bill_no = CodeColumn(verbose_name=_("bill"), linkify=True, orderable=False)
    name = NameColumn(accessor="account__customer__shown_name", verbose_name=_("customer"), orderable=False)
    kind = BadgeColumn(hues=KIND_HUES, verbose_name=_("kind"), orderable=False)
    volume_l = VolumeColumn(verbose_name=_("volume (m³)"), orderable=False)
    amount_fen = MoneyColumn(verbose_name=_("amount (yuan)"), orderable=False)
    issued_on = DayColumn(verbose_name=_("bill date"), orderable=False)
    due_on = DayColumn(verbose_name=_("due date"), orderable=False)

    class Meta:
        model = Bill
        fields = ("bill_no", "name", "kind", "volume_l", "amount_fen", "issued_on", "due_on")


def _branches(request: Any) -> QuerySet[Unit]:
    return units_visible_to(request.user, VIEW_BILL).order_by("path")


class BillFilter(django_filters.FilterSet):
    """By account, branch, period, run, kind and tier."""

    q = django_filters.CharFilter(field_name="account__account_no", label=_("account number"))
    unit = django_filters.ModelChoiceFilter(queryset=_branches, method="of_unit", label=_("branch"))
    period = PeriodFilter(method="of_period", label=_("period"))
    run = django_filters.NumberFilter(field_name="run_id", label=_("billing run"))
    kind = django_filters.TypedChoiceFilter(
        method="of_kind", choices=[("", _("All")), *Bill.Kind.choices], coerce=int, empty_value=None
    )
    tier = django_filters.NumberFilter(method="of_tier", label=_("tier"))

    class Meta:
        model = Bill
        fields = ("q", "unit", "period", "run", "kind", "tier")

    def of_unit(self, rows: Any, _name: str, unit: Unit) -> Any:
        """Bills of a branch."""
        return queries.of_units(rows, [unit.pk])

    def of_tier(self, rows: Any, _name: str, tier: int) -> Any:
        """Bills with a charge in a tier."""
        lines = ChargeLine.objects.filter(
            account=OuterRef("account_id"), period=OuterRef("period"), seq=OuterRef("seq"), tier=tier
        )
        return rows.filter(Exists(lines))

    def of_period(self, rows: Any, _name: str, period: int) -> Any:
        """Bills of a period. Where no run made any, those made one by one, which have an index of their own."""
        if queries.has_run(self.request.user, period):
            return rows.filter(period=period)
        return rows.filter(period=period, run=None)

    def of_kind(self, rows: Any, _name: str, kind: int) -> Any:
        """Bills of a kind. The second condition is that of the index of all kinds but the regular one."""
        rows = rows.filter(kind=kind)
        return rows if kind == Bill.Kind.REGULAR else rows.exclude(kind=Bill.Kind.REGULAR)


class BillList(ListPage):
    """Bills by account, period or run."""

    title = _("Bills")
    right = VIEW_BILL
    table_class = BillTable
    filterset_class = BillFilter
    search_placeholder = _("account number")
    count_limit = 1_000

    def queryset(self) -> Any:
        return queries.bills_for_list(self.request.user)


def bill_of(page: Page) -> Bill:
    """The bill of a page's address, or 404."""
    kwargs = page.kwargs
    rows = queries.bills_visible_to(page.request.user).select_related(
        "account__customer", "account__premise", "version__plan"
    )
    return get_object_or_404(rows, account=kwargs["account_id"], period=kwargs["period"], seq=kwargs["seq"])


class BillDetail(DetailPage):
    """A bill that explains itself to a customer at the counter."""

    right = VIEW_BILL
    template_name = "billing/bill.html"

    @cached_property
    def subject(self) -> Bill:
        """The bill, or 404."""
        return bill_of(self)

    @cached_property
    def story(self) -> queries.BillStory:
        """What the bill is made of."""
        return queries.story_of(self.subject)

    def get_title(self) -> Any:
        return _("Bill %(number)s") % {"number": self.subject.bill_no}

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Bills"), reverse("billing:bill_list"))]

    def badge(self) -> tuple[Any, str]:
        return self.subject.get_kind_display(), KIND_HUES[self.subject.kind]

    def notices(self) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        cancelled = [
            one for one in self.story.others if one.kind == Bill.Kind.REVERSAL and one.refers_seq == self.subject.seq
        ]
        if cancelled:
            found.append(("amber", _("This bill was cancelled: %(reason)s") % {"reason": cancelled[0].reason}))
        if any(one["estimate"] for one in self.story.readings):
            found.append(("blue", _("The reading is an estimate; the next actual reading settles it.")))
        return found

    def get_actions(self) -> list[Button]:
        from mainstay.gas.billing.views.charges import buttons_of

        bill, key = self.subject, (self.subject.account_id, self.subject.period, self.subject.seq)
        found = [
            Button(_("Bill as PDF"), "billing:bill_pdf", key, VIEW_BILL, icon="printer", new_tab=True, primary=True)
        ]
        live = bill.kind in {1, 2, 4} and not any(
            one.kind == Bill.Kind.REVERSAL and one.refers_seq == bill.seq for one in self.story.others
        )
        if live:
            found += [
                Button(_("Cancel bill"), "billing:bill_cancel", key, "gas.billing.cancel_bill", danger=True),
                Button(_("Cancel and rebill"), "billing:bill_rebill", key, "gas.billing.rebill"),
            ]
        return found + buttons_of(bill, self.story.open_fen, self.story.others, live=live)

    def facts(self) -> list[Fact]:
        bill, story = self.subject, self.story
        tariff = (bill.version.plan, bill.version.notice, bill.version.effective_on)
        change = "–" if story.change_percent is None else f"{story.change_percent:+,d} %"
        return [
            Fact(_("amount"), bill.amount_fen, "money"),
            Fact(_("still open"), story.open_fen, "money"),
            Fact(_("due date"), bill.due_on, "date"),
            Fact(_("of it VAT"), bill.vat_fen, "money"),
            Fact(_("customer"), bill.account.customer.shown_name, href=_account_page(bill)),
            Fact(_("address"), masking.address(bill.account.premise.address)),
            Fact(_("volume"), bill.volume_l, "volume"),
            Fact(_("days"), bill.days),
            Fact(_("against last bill"), change),
            Fact(_("tariff"), " · ".join(filter(None, map(str, tariff)))),
            Fact(_("persons"), bill.persons),
            Fact(_("low income"), _("yes") if bill.low_income else _("no")),
            Fact(_("tariff year from"), bill.year_start_on, "date"),
            Fact(_("year volume before"), bill.year_before_l, "volume"),
            Fact(_("year volume after"), bill.year_after_l, "volume"),
            *([Fact(_("reason"), bill.reason)] if bill.reason else []),
        ]

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(story=self.story, why=why(self.story), **extra)


def _account_page(bill: Bill) -> str:
    return reverse("customers:account_detail", args=[bill.account_id]) + "?section=bills"


class BillPdf(Page):
    """The bill on paper."""

    right = VIEW_BILL

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The PDF, named by the bill's number."""
        bill = bill_of(self)
        response = HttpResponse(render_pdf("bill", bill_data(queries.story_of(bill))), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{bill.bill_no}.pdf"'
        return response


class BillForm(FormPage):
    """A form about one bill."""

    form_class = ReasonForm

    @cached_property
    def bill(self) -> Bill:
        """The bill, or 404."""
        return bill_of(self)

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> Any:
        _visible = self.bill
        return super().get(request, *args, **kwargs)

    def get_crumbs(self) -> list[tuple[Any, str]]:
        return [(self.bill.bill_no, self.bill.get_absolute_url())]


class BillCancel(BillForm):
    """Cancel a bill."""

    title = _("Cancel bill")
    right = "gas.billing.cancel_bill"
    submit_label = _("Cancel bill")
    danger = True
    intro = _("A reversing bill is made; later bills of the tariff year are corrected. What was paid becomes a credit.")

    def action_call(self, form: Any, request: SignedRequest) -> Bill:
        return actions.cancel_bill(bill=self.bill, reason=form.cleaned_data["reason"], by=request.user)


class BillRebill(BillForm):
    """Cancel a bill and bill again."""

    title = _("Cancel and rebill")
    right = "gas.billing.rebill"
    submit_label = _("Cancel and rebill")
    intro = _("The period is billed again with the readings and terms as they are now.")

    def action_call(self, form: Any, request: SignedRequest) -> Bill:
        return actions.rebill(bill=self.bill, reason=form.cleaned_data["reason"], by=request.user)


def _account(page: Page, right: str) -> Account:
    return get_object_or_404(Account.objects.visible_to(page.request.user, right), pk=page.kwargs["pk"])


class AccountBills(Page):
    """The tab "bills" of an account's page."""

    right = VIEW_BILL

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Two years as charts and the newest bills as a table, without the shell."""
        account = _account(self, VIEW_BILL)
        bills = queries.bills_of_account(account)
        for bill in bills:
            bill.account = account
        table = BillTable(bills, exclude=("name",))
        context = {
            "table": table, "account": account, "may_bill": self.may("gas.billing.bill_account"),
            "picture": picture_of(history_of(account)),
        }  # fmt: skip
        return TemplateResponse(request, "billing/account_bills.html", context)


class AccountBill(FormPage):
    """Bill one account now."""

    title = _("Bill one account")
    right = "gas.billing.bill_account"
    form_class = AccountBillForm
    submit_label = _("Make bill")

    def get_crumbs(self) -> list[tuple[Any, str]]:
        account = _account(self, self.right or "")
        return [(account.account_no, reverse("billing:bill_list") + f"?q={account.account_no}")]

    def action_call(self, form: Any, request: SignedRequest) -> Bill:
        return actions.bill_account(account=_account(self, self.right or ""), **form.cleaned_data, by=request.user)
