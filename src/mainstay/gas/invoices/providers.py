"""What invoices tell the apps on its left: a tab of the account page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import rights
from mainstay.core.events.providers import provide
from mainstay.gas.customers.models import Account
from mainstay.gas.invoices.queries import VIEW


@provide("account_tabs")
def account_tabs(*, account: Account, user: User) -> dict[str, Any] | None:
    """The tab "invoices" of the account page: key, title, address of its content, order."""
    if not rights.allowed(user, VIEW):
        return None
    url = reverse("invoices:account_tab", args=[account.pk])
    return {"key": "invoices", "title": _("Invoices"), "url": url, "order": 55}
