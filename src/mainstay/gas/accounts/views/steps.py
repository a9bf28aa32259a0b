"""The steps of a case: application, opening, last readings, closing, transfer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.gas.accounts import actions, queries
from mainstay.gas.accounts.forms import ApplicationForm, DespiteForm, LeavingForm, TransferForm
from mainstay.gas.accounts.models import Case
from mainstay.gas.accounts.views.cases import case_of
from mainstay.gas.customers.models import Account
from mainstay.gas.customers.queries import obstacles_of
from mainstay.gas.customers.views.opening import AccountOpen
from mainstay.web.pages import FormPage, FormStep, SignedRequest, act_on

BEGIN = "gas.accounts.begin_leaving"


class ApplicationCreate(FormPage):
    """What somebody applies for."""

    title = _("File application")
    right = "gas.accounts.file_application"
    form_class = ApplicationForm
    submit_label = _("File application")
    intro = _("Keep the application now; open the account when address, meter and tariff are known.")

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the list."""
        return [(_("Account cases"), reverse("accounts:case_list"))]

    def form_kwargs(self) -> dict[str, Any]:
        """For the branches offered."""
        return {"user": self.request.user}

    def action_call(self, form: Any, request: SignedRequest) -> Case:
        """File it."""
        return actions.file_application(**form.cleaned_data, by=self.request.user)


class ApplicationOpen(AccountOpen):
    """Opening step by step, begun with what the application says."""

    right = "gas.accounts.open_from_application"

    @cached_property
    def case(self) -> Case:
        """The application, or 404."""
        found = case_of(self)
        return get_object_or_404(queries.cases_for_list(self.request.user), pk=found.pk, kind=Case.Kind.OPENING)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the case."""
        return [(self.case.number, self.case.get_absolute_url())]

    def step_kwargs(self, step: FormStep) -> dict[str, Any]:
        """Own steps begin with what the applicant told."""
        given = super().step_kwargs(step)
        if "initial" in given:
            told = {**self.case.facts, "unit": self.case.unit_id, "opened_on": self.case.on}
            names = step.form_class.base_fields
            given["initial"] = {name: value for name, value in told.items() if name in names} | given["initial"]
        return given

    def open_it(self, **facts: Any) -> Account:
        """Open from the application."""
        return actions.open_from_application(case=self.case, **facts, by=self.request.user)


class LeavingBegin(FormPage):
    """Last readings and final bill: the first step of closing and of a transfer."""

    right = BEGIN
    form_class = LeavingForm
    submit_label = _("Take readings and make the final bill")
    kind = ""

    @cached_property
    def account(self) -> Account:
        """The account, or 404."""
        rows = Account.objects.visible_to(self.request.user, BEGIN).select_related("customer", "unit")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Act and account."""
        return act_on(self.title, self.account.with_name)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the account."""
        return [(self.account.account_no, self.account.get_absolute_url())]

    def form_kwargs(self) -> dict[str, Any]:
        """A field for each meter."""
        hung = self.account.installations.filter(until_on=None).select_related("meter").order_by("pk")
        return {"installations": list(hung)}

    def action_call(self, form: Any, request: SignedRequest) -> Case:
        """Begin."""
        data = form.cleaned_data
        return actions.begin_leaving(
            account=self.account, kind=self.kind, on=data["on"], indexes=form.indexes, reason=data["reason"],
            doubts_known=data["doubts_known"], by=self.request.user,
        )  # fmt: skip


class TransferBegin(LeavingBegin):
    """The old customer's last bill."""

    title = _("Transfer account")
    kind = "transfer"
    intro = _("Step 1 of 3: read the meters. The old customer's final bill is made at once; then settle his money.")


class ClosingBegin(LeavingBegin):
    """The last bill of an account."""

    title = _("Close account")
    kind = "closing"
    danger = True
    intro = _("Step 1 of 3: read the meters and take them down. The final bill is made at once; then settle the money.")


class _Finish(FormPage):
    """The last step of a case."""

    @cached_property
    def case(self) -> Case:
        """The case, or 404."""
        return case_of(self)

    def get_title(self) -> Any:
        """Act and account."""
        return act_on(self.title, self.case.account.with_name if self.case.account else self.case)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the case."""
        return [(self.case.number, self.case.get_absolute_url())]

    def form_kwargs(self) -> dict[str, Any]:
        """What stands in the way may be let stay, one by one."""
        return {"obstacles": obstacles_of(self.case.account) if self.case.account else []}


class ClosingFinish(_Finish):
    """Close it."""

    title = _("Close account")
    right = "gas.accounts.finish_closing"
    form_class = DespiteForm
    submit_label = _("Close account")
    danger = True
    intro = _("The account ends for good. What is not settled stays only where you say so.")

    def action_call(self, form: Any, request: SignedRequest) -> Case:
        """Close."""
        return actions.finish_closing(case=self.case, despite=form.despite, by=self.request.user)


class TransferFinish(_Finish):
    """Hand it over."""

    title = _("Transfer account")
    right = "gas.accounts.finish_transfer"
    form_class = TransferForm
    submit_label = _("Transfer account")
    intro = _("Step 3 of 3: who takes over. Low income and approvals are not handed on; they are asked for anew.")

    def initial(self) -> dict[str, Any]:
        """The advance is paid back unless somebody chooses."""
        return {"balance": "refund"}

    def form_kwargs(self) -> dict[str, Any]:
        """Who asks, for the customers he may see."""
        return {**super().form_kwargs(), "user": self.request.user}

    def action_call(self, form: Any, request: SignedRequest) -> Account:
        """Transfer."""
        data = form.cleaned_data
        return actions.finish_transfer(
            case=self.case, customer=form.customer, persons=data["persons"], balance=data["balance"],
            despite=form.despite, by=self.request.user,
        )  # fmt: skip

    def success(self, result: Any) -> str:
        """To the case, whose paper is to be printed."""
        return self.case.get_absolute_url()
