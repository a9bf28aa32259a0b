"""What the pages of approvals and contracts have in common: they belong to an account and have a last day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from mainstay.gas.customers.models import Account
from mainstay.web.pages import FormPage, act_on


class OfAccount(FormPage):
    """A form about one account within reach of the page's right."""

    @cached_property
    def account(self) -> Account:
        """The account, or 404."""
        rows = Account.objects.visible_to(self.request.user, self.right or "").select_related("customer", "unit")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_title(self) -> Any:
        """Act and account."""
        return act_on(self.title, self.account.with_name)

    def get_crumbs(self) -> Sequence[tuple[Any, str]]:
        """Below the account."""
        return [(self.account.account_no, self.account.get_absolute_url())]
