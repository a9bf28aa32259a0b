"""Master meters: the rule of an account, and the differences of each month."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.organisation.models import Unit
from mainstay.core.organisation.queries import units_visible_to
from mainstay.gas.accounts import actions, queries_masters
from mainstay.gas.accounts.queries import VIEW
from mainstay.gas.accounts.tables import DifferenceTable
from mainstay.gas.accounts.views.dated import OfAccount
from mainstay.gas.billing.forms import PeriodField
from mainstay.gas.customers.actions import set_difference
from mainstay.gas.customers.models import Account
from mainstay.web.pages import Button, FirstUse, FormPage, ListPage, SignedRequest

SETTLE, SET = "gas.accounts.settle_masters", "gas.customers.set_difference"
_WORK = Button(_("Work out a month"), "accounts:masters_settle", right=SETTLE, icon="calculator", primary=True)


class DifferenceList(ListPage):
    """Differences of master meters."""

    title = _("Master and sub meters")
    right = VIEW
    table_class = DifferenceTable
    search_fields = ("account__account_no",)
    search_placeholder = _("Account number")
    actions = (_WORK,)
    first_use = FirstUse(
        _("No difference worked out yet"),
        _("Say on the account of a master meter whether the difference is billed or reported; then work out a month."),
        _WORK,
    )

    def queryset(self) -> Any:
        """Of the person's branches."""
        return queries_masters.differences_for_list(self.request.user)


class SettleForm(forms.Form):
    """Which month of which branch."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=pgettext_lazy("account", "Branch"), empty_label=None)
    period = PeriodField(label=_("Period"), max_length=8, help_text=_("Write the month like 2026-11."))

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class MastersSettle(FormPage):
    """Work a month out."""

    title = _("Work out master meters")
    right = SETTLE
    form_class = SettleForm
    submit_label = _("Work out master meters")
    intro = _("Read master and sub meters first. What is to be billed is billed at once; what waits can be repeated.")

    def form_kwargs(self) -> dict[str, Any]:
        """The branches offered."""
        return {"units": units_visible_to(self.request.user, SETTLE).filter(closed_on=None).order_by("path")}

    def action_call(self, form: Any, request: SignedRequest) -> Any:
        """Work out."""
        return actions.settle_masters(**form.cleaned_data, by=self.request.user)

    def success(self, result: Any) -> str:
        """To the list."""
        return reverse("accounts:difference_list")


class DifferenceForm(forms.Form):
    """The rule of a master meter."""

    difference = forms.ChoiceField(
        label=_("The difference to the sub meters"), required=False, widget=forms.RadioSelect,
        choices=[("", _("none: the account is billed as any other")), *Account.Difference.choices],
    )  # fmt: skip


class DifferenceSet(OfAccount):
    """Say what a master meter is for."""

    title = _("Set what a master meter is for")
    right = SET
    form_class = DifferenceForm
    submit_label = _("Save rule")

    def initial(self) -> dict[str, Any]:
        """As it is."""
        return {"difference": self.account.difference or ""}

    def action_call(self, form: Any, request: SignedRequest) -> Account:
        """Set."""
        wanted = form.cleaned_data["difference"] or None
        return set_difference(account=self.account, difference=wanted, by=self.request.user)
