"""Invoices of one account: its tab, asking for one, the buyer's title."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mainstay.gas.customers.models import Account
from mainstay.gas.invoices import actions, queries
from mainstay.gas.invoices.forms import BillsForm, TitleForm
from mainstay.gas.invoices.models import BuyerTitle, Invoice
from mainstay.gas.invoices.states import INVOICE
from mainstay.kit.dates import month_text
from mainstay.kit.money import yuan
from mainstay.web.pages import Button, FormPage, Page, SignedRequest, act_on

ASK, TITLE = "gas.invoices.request_invoice", "gas.invoices.save_title"


def _account(request: SignedRequest, right: str, pk: int) -> Account:
    rows = Account.objects.visible_to(request.user, right).select_related("customer", "unit")
    return get_object_or_404(rows, pk=pk)


class AccountInvoices(Page):
    """The tab "invoices" of an account's page."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
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

    def get_title(self) -> Any:
        """Whose."""
        return act_on(self.title, self.account.with_name)

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
        return _now("Made out to %(title)s %(tax_no)s") % {"title": self.kept.name, "tax_no": self.kept.tax_no}

    @cached_property
    def kept(self) -> BuyerTitle:
        """What invoices are made out to."""
        return queries.title_of(self.account)

    def notices(self) -> list[tuple[str, Any]]:
        """What is missing is told before bills are chosen."""
        if self.account.customer.kind == "firm" and not self.kept.tax_no:
            return [("amber", actions.NO_TAX_NO)]
        return []

    def get_actions(self) -> list[Button]:
        """The way to what it is made out to."""
        return [Button(_("Buyer's title"), "invoices:title_save", (self.account.pk,), TITLE)]

    def form_kwargs(self) -> dict[str, Any]:
        """Bills that are on no invoice."""
        bills = queries.open_bills(self.account)
        words = _now("%(month)s: %(amount)s yuan")
        return {
            "bills": [
                (
                    f"{one.period}-{one.seq}",
                    words % {"month": month_text(one.period), "amount": yuan(one.amount_fen)},
                )
                for one in bills
            ]
        }

    def action_call(self, form: Any, request: SignedRequest) -> Invoice:
        """Ask for it."""
        return actions.request_invoice(account=self.account, bills=form.cleaned_data["bills"], by=request.user)

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

    def action_call(self, form: Any, request: SignedRequest) -> BuyerTitle:
        """Save it."""
        return actions.save_title(account=self.account, by=request.user, **form.cleaned_data)

    def success(self, result: BuyerTitle) -> str:
        """Ask for an invoice next."""
        return reverse("invoices:invoice_ask", args=[self.account.pk])
