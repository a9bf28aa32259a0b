"""The list of cases, the page that leads through one, its paper, giving it up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.gas.accounts import actions, queries
from mainstay.gas.accounts.filters import CaseFilter
from mainstay.gas.accounts.forms import BALANCES, WithdrawForm
from mainstay.gas.accounts.models import Case
from mainstay.gas.accounts.papers import paper_of
from mainstay.gas.accounts.states import CASE
from mainstay.gas.accounts.tables import AccountCaseTable, CaseTable
from mainstay.gas.customers.models import Account
from mainstay.gas.customers.queries import Obstacle, obstacles_of
from mainstay.gas.payments.queries import advance_fen, deposit_fen
from mainstay.kit import masking
from mainstay.kit.money import yuan
from mainstay.kit.volume import m3
from mainstay.web.pages import (
    Button,
    DetailPage,
    Fact,
    FirstUse,
    FormPage,
    ListPage,
    Page,
    Section,
    SignedRequest,
    Step,
)
from mainstay.web.pages.answers import is_fragment

FILE, OPEN = "gas.accounts.file_application", "gas.accounts.open_from_application"
FINISH = {"closing": "gas.accounts.finish_closing", "transfer": "gas.accounts.finish_transfer"}
PRINT = "core.documents.print_document"


class CaseList(ListPage):
    """Cases."""

    title = _("Account cases")
    right = queries.VIEW
    table_class = CaseTable
    filterset_class = CaseFilter
    search_placeholder = _("Case or account number")
    actions = (Button(_("File application"), "accounts:application_create", right=FILE, icon="plus", primary=True),)
    first_use = FirstUse(
        _("No cases yet"), _("Each opening, transfer, suspension and closing of an account is a case with its paper.")
    )

    def queryset(self) -> Any:
        """Of the person's branches."""
        return queries.cases_for_list(self.request.user)


class CaseDetail(DetailPage):
    """One case: what is done, what is next, and the way there."""

    right = queries.VIEW

    def queryset(self) -> Any:
        """Of the person's branches."""
        return queries.cases_for_list(self.request.user).select_related("account__premise", "new_account__customer")

    def get_title(self) -> Any:
        """Kind and number."""
        return f"{self.subject.get_kind_display()} {self.subject.number}"

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Account cases"), reverse("accounts:case_list"))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        return self.subject.get_state_display(), CASE.hues[self.subject.state]

    @cached_property
    def obstacles(self) -> list[Obstacle]:
        """What stands in the way of a case that leaves."""
        case = self.subject
        return obstacles_of(case.account) if case.kind in FINISH and case.state == Case.State.BEGUN else []

    def steps(self) -> Sequence[Step]:
        """Reading and bill, money, the end: where the case stands."""
        case = self.subject
        if case.kind not in FINISH or case.state == Case.State.WITHDRAWN:
            return ()
        last = _("New account") if case.kind == Case.Kind.TRANSFER else _("Account closed")
        done = case.state == Case.State.DONE
        money = "done" if done or not self.obstacles else "current"
        end = "done" if done else "current" if money == "done" else "todo"
        return [Step(_("Last reading and bill"), "done"), Step(_("Money settled"), money), Step(last, end)]

    def notices(self) -> Sequence[tuple[str, Any]]:
        """What is to be done next."""
        case = self.subject
        if case.state != Case.State.BEGUN:
            return ()
        if case.kind == Case.Kind.OPENING:
            return [("blue", _("Open the account when address, meter and tariff are known."))]
        found = [("amber" if one.may_stay else "red", one.text) for one in self.obstacles]
        return found or [("green", _("Everything is settled: the last step can be done."))]

    def get_actions(self) -> Sequence[Button]:
        """The next step first."""
        case, key = self.subject, (self.subject.pk,)
        if case.state == Case.State.DONE:
            return [Button(_("Print paper"), "accounts:case_paper", key, PRINT, "printer", primary=True, new_tab=True)]
        if case.state != Case.State.BEGUN:
            return []
        withdraw = Button(_("Withdraw case"), "accounts:case_withdraw", key, "gas.accounts.withdraw_case", danger=True)
        if case.kind == Case.Kind.OPENING:
            open_it = Button(_("Open account"), "accounts:application_open", key, OPEN, "user-plus", primary=True)
            return [open_it, withdraw]
        return [*self.money_buttons(), self.last_step(), withdraw]

    def last_step(self) -> Button:
        """The button that ends the case."""
        case = self.subject
        label = _("Transfer account") if case.kind == Case.Kind.TRANSFER else _("Close account")
        url = f"accounts:{case.kind}_finish"
        return Button(label, url, (case.pk,), FINISH[case.kind], primary=not self.obstacles)

    def money_buttons(self) -> list[Button]:
        """Ways to settle what is open."""
        account = self.subject.account
        keys = {one.key for one in self.obstacles}
        counter = f"{reverse('payments:counter')}?account={account.pk}"
        ways = (
            ("debt", Button(_("Take payment"), counter, right="gas.payments.take_payment", icon="cash", primary=True)),
            ("advance", Button(_("Refund advance"), "payments:advance_refund", (account.pk,),
                               "gas.payments.refund_advance", "receipt-refund")),
            ("deposit", Button(_("Deposit"), "accounts:deposit", (account.pk,), "gas.payments.refund_deposit")),
        )  # fmt: skip
        return [button for key, button in ways if key in keys]

    def facts(self) -> Sequence[Fact]:
        """Who, where, when."""
        case = self.subject
        found = [Fact(_("Day"), case.on, "date"), Fact(_("Branch"), case.unit), Fact(_("Begun by"), case.begun_by)]
        if case.account:
            found += self.of_account(case.account)
        else:
            told = case.facts
            found += [
                Fact(_("Applicant"), case.shown_name),
                Fact(_("Phone"), masking.phone(told.get("phone", ""))),
                Fact(_("Address as told"), masking.address(told.get("address", ""))),
            ]
        if case.new_account:
            found.append(Fact(_("New account"), case.new_account, "code", href=case.new_account.get_absolute_url()))
        if case.facts.get("balance"):
            what = str(dict(BALANCES)[case.facts["balance"]])
            moved = case.facts.get("advance_fen") or 0
            found.append(Fact(_("The old customer's advance"), f"{yuan(moved)} · {what}" if moved else what))
        if case.until_on:
            found.append(Fact(_("Foreseen until"), case.until_on, "date"))
        if case.reason:
            found.append(Fact(_("Reason"), case.reason))
        return found

    def of_account(self, account: Account) -> list[Fact]:
        """The account with its money while the case is under way."""
        found = [
            Fact(_("Account"), account, "code", href=account.get_absolute_url()),
            Fact(_("Customer"), account.customer.shown_name),
        ]
        if self.subject.state == Case.State.BEGUN:
            found += [
                Fact(_("Advance"), advance_fen(account.pk), "money"),
                Fact(_("Deposit"), deposit_fen(account.pk), "money"),
            ]
        return found

    def sections(self) -> Sequence[Section]:
        """Meters with their last index, and the final bills."""
        case = self.subject
        meters = [Fact(one["meter_no"], f"{m3(one['last_index_l'])} m³") for one in case.facts.get("meters", ())]
        bills = [
            Fact(bill.bill_no, bill.amount_fen, "money", href=bill.get_absolute_url())
            for bill in queries.bills_of(case)
        ]
        found = []
        if meters:
            found.append(Section(_("Meters and last indexes"), facts=meters))
        if bills:
            found.append(Section(_("Final bills"), facts=bills))
        return found


def case_of(page: Page) -> Case:
    """The case of the address within reach of the page's right, or 404."""
    return get_object_or_404(queries.cases_for_list(page.request.user, page.right or ""), pk=page.kwargs["pk"])


class CaseWithdraw(FormPage):
    """Give a case up."""

    title = _("Withdraw case")
    right = "gas.accounts.withdraw_case"
    form_class = WithdrawForm
    submit_label = _("Withdraw case")
    danger = True
    intro = _("Nothing that was done is undone: a meter that was taken down is hung again from the store.")

    @cached_property
    def case(self) -> Case:
        """The case, or 404."""
        return case_of(self)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the case."""
        return [(self.case.number, self.case.get_absolute_url())]

    def action_call(self, form: Any, request: SignedRequest) -> Case:
        """Withdraw."""
        return actions.withdraw_case(case=self.case, **form.cleaned_data, by=self.request.user)


class CasePaper(Page):
    """The paper of a case, issued at the first time."""

    right = queries.VIEW

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead to the PDF, which counts the print."""
        paper = paper_of(case_of(self), by=self.request.user)
        return HttpResponseRedirect(reverse("documents:document_pdf", args=[paper.pk]))


class AccountCases(DetailPage):
    """The tab "cases" of the account page; opened by itself it is a page."""

    right = queries.VIEW
    show_log = False

    def queryset(self) -> Any:
        """Accounts whose cases this person may see."""
        return Account.objects.visible_to(self.request.user, queries.VIEW)

    def get_title(self) -> Any:
        """Whose."""
        return _("Cases of account %(number)s") % {"number": self.subject.account_no}

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the account."""
        return [(self.subject.account_no, self.subject.get_absolute_url())]

    def sections(self) -> Sequence[Section]:
        """One table."""
        return [Section(_("Cases"), key="cases", table=AccountCaseTable(queries.cases_of(self.subject)))]

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The content alone for the tab, else the page."""
        if is_fragment(request):
            return TemplateResponse(request, "web/table.html", {"table": self.sections()[0].table})
        return super().get(request, *args, **kwargs)
