"""What payments tells the apps on its left: a tab and a warning of the account page."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import rights
from mainstay.core.events.providers import provide
from mainstay.core.organisation.models import Unit
from mainstay.gas.customers.models import Account
from mainstay.gas.payments import queries
from mainstay.kit.dates import period_of
from mainstay.web.pages import Button, Fact

COLLECTION_RATE = "collection_rate"


@provide("account_tabs")
def account_tabs(*, account: Account, user: User) -> dict[str, Any] | None:
    """The tab "payments" of the account page: key, title, address of its content, order."""
    if not rights.allowed(user, queries.VIEW):
        return None
    url = reverse("payments:account_tab", args=[account.pk])
    return {"key": "payments", "title": _("Payments"), "url": url, "order": 50}


@provide("facts_of_account")
def facts_of_account(*, account: Account, user: User) -> list[Fact]:
    """What the account owes, and what it has paid in advance."""
    if not rights.allowed(user, queries.VIEW):
        return []
    owed = sum(one.open_fen for one in queries.due_items(account))
    advance = queries.advance_fen(account.pk)
    return [Fact(_("Owed"), owed, "money"), *([Fact(_("Advance"), advance, "money")] if advance else [])]


@provide("buttons_of_account")
def buttons_of_account(*, account: Account, user: User) -> list[Button]:
    """The way to the counter with this customer open."""
    url = f"{reverse('payments:counter')}?account={account.pk}"
    return [Button(_("Take payment"), url, right="gas.payments.take_payment", icon="cash", primary=True)]


@provide("indicator_value")
def indicator_value(*, name: str, unit: Unit, from_on: dt.date, until_on: dt.date) -> int | None:
    """The collection rate of a unit and below in per cent, 1/10000: what is paid of the bills of some months.

    None for other indicators, and while nothing is billed.
    """
    if name != COLLECTION_RATE:
        return None
    return queries.collection_rate(unit, period_of(from_on), period_of(until_on))
