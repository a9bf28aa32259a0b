"""What arrears tell the account page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import rights
from mainstay.core.events.providers import provide
from mainstay.gas.arrears.actions import VIEW
from mainstay.gas.customers.models import Account


@provide("account_tabs")
def account_tabs(*, account: Account, user: User) -> dict[str, Any] | None:
    """The tab "dunning" of the account page."""
    if not rights.allowed(user, VIEW):
        return None
    url = reverse("arrears:account_tab", args=[account.pk])
    return {"key": "arrears", "title": _("Dunning"), "url": url, "order": 57}
