"""What late fees tell others: what each late bill of an account owes by a day; a tab of the account page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import rights
from mainstay.core.events.providers import provide
from mainstay.gas.customers.models import Account
from mainstay.gas.latefees import queries
from mainstay.gas.latefees.actions import VIEW


@provide("late_fees_due")
def late_fees_due(*, account: Account, on: dt.date) -> dict[tuple[int, int], int]:
    """Late fee in fen that a payment on the day `on` would add, by (period, seq) of the bill."""
    return {(one.period, one.seq): one.new_fen for one in queries.fees_of(account, on) if one.new_fen}


@provide("account_tabs")
def account_tabs(*, account: Account, user: User) -> dict[str, Any] | None:
    """The tab "late fees" of the account page."""
    if not rights.allowed(user, VIEW):
        return None
    url = reverse("latefees:account_tab", args=[account.pk])
    return {"key": "latefees", "title": _("Late fees"), "url": url, "order": 55}
