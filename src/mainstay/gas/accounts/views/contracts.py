"""Contracts of firms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.gas.accounts import actions, queries
from mainstay.gas.accounts.actions.contracts import check_contract
from mainstay.gas.accounts.filters import ContractFilter
from mainstay.gas.accounts.forms_dated import ContractForm, EndForm, facts_of
from mainstay.gas.accounts.models import Contract
from mainstay.gas.accounts.papers import contract_paper
from mainstay.gas.accounts.tables import DATED_HUES, ContractTable
from mainstay.gas.accounts.views.dated import OfAccount
from mainstay.gas.payments.queries import deposit_fen
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, FormPage, ListPage, Page, SignedRequest

SIGN, END = "gas.accounts.sign_contract", "gas.accounts.end_contract"


class ContractList(ListPage):
    """Contracts; which are to be renewed."""

    title = _("Supply contracts")
    right = queries.VIEW_CONTRACT
    table_class = ContractTable
    filterset_class = ContractFilter
    search_placeholder = _("Contract or account number, firm")
    first_use = FirstUse(_("No contract yet"), _("A contract is signed on the page of a firm's account."))

    def queryset(self) -> Any:
        """Of the person's branches."""
        return queries.contracts_for_list(self.request.user)


class ContractSign(OfAccount):
    """Keep a signed contract."""

    title = _("Sign supply contract")
    right = SIGN
    form_class = ContractForm
    submit_label = _("Sign supply contract")
    intro = _("An agreed price needs a second person's approval before it holds.")

    def action_call(self, form: Any, request: SignedRequest) -> Contract:
        """Sign."""
        facts = facts_of(form)
        check_contract(self.account, (facts["from_on"], facts["until_on"]), facts["number"].strip())
        return actions.sign_contract(account=self.account, **facts, by=self.request.user)


class ContractDetail(DetailPage):
    """One contract with its deposit."""

    right = queries.VIEW_CONTRACT

    def queryset(self) -> Any:
        """Of the person's branches."""
        return queries.contracts_for_list(self.request.user)

    def get_title(self) -> Any:
        """Number and firm."""
        return f"{self.subject.number} {self.subject.account.customer.name}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Supply contracts"), reverse("accounts:contract_list"))]

    def badge(self) -> tuple[Any, str]:
        """Held or ended."""
        return self.subject.get_state_display(), DATED_HUES[self.subject.state]

    @cached_property
    def held_fen(self) -> int:
        """What is in deposit, in fen."""
        return deposit_fen(self.subject.account_id)

    def notices(self) -> Sequence[tuple[str, Any]]:
        """A deposit that is missing."""
        short = self.subject.deposit_fen > self.held_fen and self.subject.state == Contract.State.HELD
        return [("amber", _("The agreed deposit is not (wholly) taken yet."))] if short else []

    def get_actions(self) -> Sequence[Button]:
        """Paper, deposit, renewal, end."""
        one, key = self.subject, (self.subject.pk,)
        paper, may = "accounts:contract_paper", "core.documents.print_document"
        found = [
            Button(_("Print supply contract"), paper, key, may, "printer", primary=True, new_tab=True),
            Button(_("Deposit"), "accounts:deposit", (one.account_id,), "gas.payments.take_deposit", "cash"),
            Button(_("Renew contract"), "accounts:contract_sign", (one.account_id,), SIGN),
        ]  # fmt: skip
        if one.state == Contract.State.HELD:
            found.append(Button(_("End contract early"), "accounts:contract_end", key, END, danger=True))
        return found

    def facts(self) -> Sequence[Fact]:
        """Term, price, deposit."""
        one = self.subject
        return [
            Fact(_("Account"), one.account, "code", href=one.account.get_absolute_url()),
            Fact(_("Customer"), one.account.customer.name),
            Fact(pgettext_lazy("terms", "From"), one.from_on, "date"),
            Fact(_("Last day"), one.until_on, "date"),
            *([Fact(_("Agreed price (yuan/m³)"), one.price_e4, "price")] if one.price_e4 is not None else []),
            Fact(_("Deposit agreed"), one.deposit_fen, "money"),
            Fact(_("In deposit"), self.held_fen, "money"),
            Fact(_("Signed on"), one.signed_on, "date"),
            Fact(_("Signed for the customer by"), one.signatory),
            *([Fact(_("Note"), one.note)] if one.note else []),
        ]


class ContractEnd(FormPage):
    """End it early."""

    title = _("End contract early")
    right = END
    form_class = EndForm
    submit_label = _("End contract early")
    danger = True
    intro = _("Days after it lose the agreed price; those that are billed already are billed again.")

    @cached_property
    def contract(self) -> Contract:
        """The contract, or 404."""
        return contract_of(self)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below it."""
        return [(self.contract.number, self.contract.get_absolute_url())]

    def action_call(self, form: Any, request: SignedRequest) -> Contract:
        """End."""
        return actions.end_contract(contract=self.contract, **form.cleaned_data, by=self.request.user)


def contract_of(page: Page) -> Contract:
    """The contract of the address within reach of the page's right, or 404."""
    return get_object_or_404(queries.contracts_for_list(page.request.user, page.right or ""), pk=page.kwargs["pk"])


class ContractPaper(Page):
    """The contract on paper."""

    right = queries.VIEW_CONTRACT

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead to the PDF, which counts the print."""
        paper = contract_paper(contract_of(self), by=self.request.user)
        return HttpResponseRedirect(reverse("documents:document_pdf", args=[paper.pk]))
