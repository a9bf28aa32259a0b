"""Forms that change one account, its customer or its address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.gas.customers import actions, forms
from mainstay.gas.customers.models import Account
from mainstay.gas.customers.views.accounts import account_of
from mainstay.web.pages import FormPage, SignedRequest, act_on


class AccountPage(FormPage):
    """A form about one account within reach. `shows` are the personal facts the form shows: looking is on record."""

    shows: tuple[str, ...] = ()

    @cached_property
    def account(self) -> Account:
        """The account, or 404."""
        return account_of(self)

    def get(self, request: SignedRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show the form."""
        if self.shows:
            actions.reveal_personal_data(account=self.account, facts=self.shows, by=self.request.user)
        return super().get(request, *args, **kwargs)

    def get_title(self) -> Any:
        """Act and account."""
        return act_on(self.title, self.account.with_name)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the account."""
        return [(self.account.account_no, self.account.get_absolute_url())]

    def success(self, result: Any) -> str:
        """Back to the account."""
        return self.account.get_absolute_url()


class AccountChange(AccountPage):
    """Kind of use and note."""

    title = _("Change account")
    right = "gas.customers.change_account"
    form_class = forms.AccountForm
    submit_label = _("Save account")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {"category": self.account.category, "note": self.account.note}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Change."""
        return actions.change_account(account=self.account, **form.cleaned_data, by=self.request.user)


class CustomerChange(AccountPage):
    """The customer's own data."""

    title = _("Change customer")
    right = "gas.customers.change_customer"
    form_class = forms.CustomerForm
    submit_label = _("Save customer")
    shows = ("name", "phone", "id_no")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        customer = self.account.customer
        return {name: getattr(customer, name) for name in ("kind", "name", "phone", "id_no")}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Change."""
        return actions.change_customer(account=self.account, **form.cleaned_data, by=self.request.user)


class PremiseChange(AccountPage):
    """The address."""

    title = _("Change address")
    right = "gas.customers.change_premise"
    form_class = forms.PlaceForm
    submit_label = _("Save address")
    shows = ("address",)

    def initial(self) -> dict[str, Any]:
        """As it is."""
        premise = self.account.premise
        facts = {name: getattr(premise, name) for name in ("building", "entrance", "room")}
        written = "" if premise.address == actions.usual_address(premise) else premise.address
        return {"community": premise.area, **facts, "address": written}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Change."""
        data = dict(form.cleaned_data)
        return actions.change_premise(account=self.account, area=data.pop("community"), **data, by=self.request.user)


class AccountSuspend(AccountPage):
    """Stop."""

    title = _("Suspend account")
    right = "gas.customers.suspend_account"
    form_class = forms.SuspendForm
    submit_label = _("Suspend account")
    danger = True
    intro = _("Billing runs leave the account out until it is restored. What is owed stays owed.")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Suspend."""
        return actions.suspend_account(account=self.account, **form.cleaned_data, by=self.request.user)


class AccountRestore(AccountPage):
    """Go on."""

    title = _("Restore account")
    right = "gas.customers.restore_account"
    form_class = forms.ReasonForm
    submit_label = _("Restore account")

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Restore."""
        return actions.restore_account(account=self.account, **form.cleaned_data, by=self.request.user)
