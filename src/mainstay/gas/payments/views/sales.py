"""Consent to sell gas in spite of an open serious hazard."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from mainstay.gas.customers.models import Account
from mainstay.gas.payments.actions import allow_sale
from mainstay.gas.payments.actions.sales import stops_of_sale
from mainstay.gas.payments.forms import ReasonForm
from mainstay.gas.payments.models import SaleOverride
from mainstay.web.pages import FormPage, SignedRequest

ALLOW = "gas.payments.allow_sale"


class SaleAllow(FormPage):
    """Ask for consent; a second person gives it, and both are named."""

    title = _("Allow sale in spite of a hazard")
    right = ALLOW
    form_class = ReasonForm
    submit_label = _("Ask for consent")
    danger = True

    @cached_property
    def account(self) -> Account:
        """The account, or 404."""
        rows = Account.objects.visible_to(self.request.user, ALLOW)
        return get_object_or_404(rows, pk=self.kwargs["account"])

    @property
    def intro(self) -> Any:
        """What is open there."""
        return " ".join([self.account.account_no, *stops_of_sale(self.account)])

    def action_call(self, form: Any, request: SignedRequest) -> SaleOverride:
        """File it for the second person."""
        return allow_sale(account=self.account, reason=form.cleaned_data["reason"], by=request.user)

    def success(self, result: SaleOverride) -> str:
        """To the counter with this customer."""
        return f"{reverse('payments:counter')}?account={result.account_id}"
