"""The list of accounts, and the page with everything about one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.events.providers import answers
from mainstay.gas.customers import queries
from mainstay.gas.customers.actions import reveal_personal_data
from mainstay.gas.customers.filters import AccountFilter
from mainstay.gas.customers.models import Account, Customer
from mainstay.gas.customers.states import HUES
from mainstay.gas.customers.tables import AccountTable, OtherAccountTable
from mainstay.kit import masking
from mainstay.web.pages import Button, DetailPage, Fact, FirstUse, ListPage, Page, Section, SignedRequest

OPEN = "gas.customers.open_account"
REVEAL = "gas.customers.reveal_personal_data"


class AccountList(ListPage):
    """Accounts."""

    title = pgettext_lazy("account", "Accounts")
    right = queries.VIEW_ACCOUNT
    table_class = AccountTable
    filterset_class = AccountFilter
    count_limit = 2_000
    search_placeholder = _("Account, meter, name, initials, phone, address")
    actions = (Button(_("Open account"), "customers:account_open", right=OPEN, icon="user-plus", primary=True),)
    first_use = FirstUse(
        _("No accounts yet"),
        _("An account is a customer at an address: it is read, billed and paid for."),
        Button(_("Open the first account"), "customers:account_open", right=OPEN, primary=True),
    )

    def queryset(self) -> Any:
        """Accounts of the person's branches."""
        return queries.accounts_for_list(self.request.user)

    @property
    def keys_first(self) -> str:
        """A search finds two hundred accounts all over the company; only those of the page need be read whole."""
        return "pk" if self.request.GET.get("q", "").strip() else ""


class AccountDetail(DetailPage):
    """Everything about one account; what other parts know of it comes as tabs, figures, warnings and buttons."""

    right = queries.VIEW_ACCOUNT
    tabs = True

    def queryset(self) -> Any:
        """Accounts of the person's branches."""
        rows = Account.objects.visible_to(self.request.user)
        return rows.select_related("customer", "premise__area__parent", "unit")

    def get_title(self) -> Any:
        """Number and surname."""
        return self.subject.with_name

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(pgettext_lazy("account", "Accounts"), reverse("customers:account_list"))]

    def badge(self) -> tuple[Any, str]:
        """The state."""
        return self.subject.get_state_display(), HUES[self.subject.state]

    def asked(self, question: str) -> list[Any]:
        """What other parts answer about this account, empty answers left out."""
        return [one for one in answers(question, account=self.subject, user=self.request.user) if one]

    def notices(self) -> Sequence[tuple[str, Any]]:
        """Warnings of all parts as (hue, text), and the note."""
        found = [warning for warnings in self.asked("warnings_of_account") for warning in warnings]
        if self.subject.state == Account.State.SUSPENDED:
            found.insert(0, ("amber", _("This account is suspended: billing runs leave it out until it is restored.")))
        return [*found, *([("blue", self.subject.note)] if self.subject.note else [])]

    def get_actions(self) -> Sequence[Button]:
        """What other parts offer first, then what is done to the account itself."""
        account, key = self.subject, (self.subject.pk,)
        another = f"{reverse('customers:account_open')}?existing={account.account_no}"
        found = [button for buttons in self.asked("buttons_of_account") for button in buttons]
        found += [
            Button(_("Change customer"), "customers:customer_change", key, "gas.customers.change_customer", "pencil"),
            Button(_("Change address"), "customers:premise_change", key, "gas.customers.change_premise", "map-pin"),
            Button(_("Change account"), "customers:account_change", key, "gas.customers.change_account"),
            Button(_("Open another account"), another, right=OPEN),
        ]
        if account.state == Account.State.ACTIVE:
            right = "gas.customers.suspend_account"
            found.append(Button(_("Suspend account"), "customers:account_suspend", key, right, danger=True))
        if account.state == Account.State.SUSPENDED:
            right = "gas.customers.restore_account"
            found.append(Button(_("Restore account"), "customers:account_restore", key, right))
        return found

    def facts(self) -> Sequence[Fact]:
        """Who and where, masked; then the figures of other parts."""
        account, customer = self.subject, self.subject.customer
        return [
            self.named(customer),
            self.masked(pgettext_lazy("customer", "Phone"), "phone", masking.phone(customer.phone)),
            *[fact for facts in self.asked("facts_of_account") for fact in facts],
            Fact(_("Category"), account.get_category_display()),
            Fact(pgettext_lazy("account", "Branch"), account.unit),
            Fact(_("Opened on"), account.opened_on, "date"),
            self.masked(pgettext_lazy("account", "Address"), "address", masking.address(account.premise.address)),
        ]

    def named(self, customer: Customer) -> Fact:
        """Whose account it is; nothing of a firm's name is hidden."""
        label = pgettext_lazy("customer", "Name")
        if customer.shown_name == customer.name:
            return Fact(label, customer.name)
        return self.masked(label, "name", customer.shown_name)

    def masked(self, label: Any, fact: str, shown: str) -> Fact:
        """A fact of a person, with the button that shows it in full when there is something and he may."""
        url = reverse("customers:account_reveal", args=[self.subject.pk, fact])
        return Fact(label, shown, reveal_url=url if shown and self.may(REVEAL) else "")

    def sections(self) -> Sequence[Section]:
        """The account's own tab, then those of other parts in their order."""
        tabs = sorted(self.asked("account_tabs"), key=lambda tab: tab["order"])
        own = Section(_("Overview"), key="overview", facts=self.own_facts(), table=self.others())
        return [own, *(Section(tab["title"], key=tab["key"], url=tab["url"]) for tab in tabs)]

    def own_facts(self) -> list[Fact]:
        """Customer and premise in detail."""
        customer, premise = self.subject.customer, self.subject.premise
        return [
            Fact(_("Kind of customer"), customer.get_kind_display()),
            self.masked(_("ID or credit code"), "id_no", masking.id_card(customer.id_no)),
            Fact(_("District"), premise.area.parent),
            Fact(_("Community or street"), premise.area),
            Fact(_("Building"), premise.building),
            Fact(_("Entrance"), premise.entrance),
        ]

    def others(self) -> OtherAccountTable | None:
        """Further accounts of the customer."""
        rows = queries.others_of_customer(self.subject, self.request.user)
        return OtherAccountTable(rows) if rows else None


class Reveal(Page):
    """Show one masked fact in full; the action puts the look on record."""

    right = REVEAL

    def post(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer with the fact as a fragment."""
        fact = kwargs["fact"]
        account = account_of(self)
        shown = reveal_personal_data(account=account, facts=(fact,), by=self.request.user)
        return render(request, "customers/revealed.html", {"value": shown[fact]})

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A look is asked for by a button, never by an address."""
        return HttpResponse(status=405, headers={"Allow": "POST"})


def account_of(page: Page) -> Account:
    """The account of the address within reach of the page's right, or 404."""
    rows = Account.objects.visible_to(page.request.user, page.right or "")
    return get_object_or_404(rows.select_related("customer", "premise__area__parent", "unit"), pk=page.kwargs["pk"])
