"""Opening an account step by step: customer, address, and what other parts add."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.gas.customers.actions import open_account
from mainstay.gas.customers.forms import OPEN, OpeningCustomerForm, OpeningPlaceForm
from mainstay.gas.customers.models import Account
from mainstay.gas.customers.opening import Place, opening_steps
from mainstay.web.pages import FormStep, SignedRequest, StepPage

_OWN = ("customer", "place")


class AccountOpen(StepPage):
    """Guided: each step checks itself, the last shows everything, one action makes it all."""

    title = _("Open account")
    right = OPEN
    submit_label = _("Open account")
    success_message = _("The account is open.")

    @cached_property
    def form_steps(self) -> Sequence[FormStep]:  # type: ignore[override]
        """Customer and address, then the steps other parts registered."""
        return [
            FormStep("customer", _("Customer"), OpeningCustomerForm),
            FormStep("place", _("Address and use"), OpeningPlaceForm),
            *(FormStep(step.key, step.title, step.form()) for step in opening_steps()),
        ]

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(pgettext_lazy("account", "Accounts"), reverse("customers:account_list"))]

    def step_kwargs(self, step: FormStep) -> dict[str, Any]:
        """Own steps get the person and what the address says; the others what was settled before them."""
        if step.key in _OWN:
            names = step.form_class.base_fields
            given = {name: value for name, value in self.request.GET.items() if name in names}
            return {"user": self.request.user, "initial": given}
        return {"place": self.place}

    @cached_property
    def place(self) -> Place | None:
        """Branch, category and day of the draft; None while that step is not filled in rightly."""
        form = OpeningPlaceForm(QueryDict(self.draft.get("place", "")), user=self.request.user)
        if not form.is_valid():
            return None
        data = form.cleaned_data
        return Place(data["unit"], data["category"], data["opened_on"])

    def steps_call(self, data: dict[str, Any], request: SignedRequest) -> Account:
        """Open the account."""
        who, where = dict(data["customer"]), dict(data["place"])
        customer = who.get("customer") or {name: who[name] for name in ("kind", "name", "phone", "id_no")}
        premise = {name: where[name] for name in ("building", "entrance", "room", "address")}
        return self.open_it(
            unit=where["unit"],
            customer=customer,
            premise={**premise, "area": where["community"]},
            category=where["category"],
            opened_on=where["opened_on"],
            note=where["note"],
            parts={step.key: data[step.key] for step in opening_steps()},
        )

    def open_it(self, **facts: Any) -> Account:
        """Call the action."""
        return open_account(**facts, by=self.request.user)
