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
from mainstay.gas.customers.queries import Obstacle
from mainstay.gas.payments import queries
from mainstay.gas.payments.models import Cheque
from mainstay.kit.dates import period_of
from mainstay.kit.money import yuan
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


@provide("obstacles_to_close")
def obstacles_to_close(*, account: Account) -> list[Obstacle]:
    """Money that is not at its end: a deposit, bills to pay, an advance."""
    found = []
    held, advance = queries.deposit_fen(account.pk), queries.advance_fen(account.pk)
    owed = sum(one.open_fen for one in queries.due_items(account))
    if held:
        text = _("A deposit of %(held)s yuan is held: use it for bills or pay it back first.")
        url = reverse("payments:account_tab", args=[account.pk])
        found.append(Obstacle("deposit", text % {"held": yuan(held)}, url=url))
    counter = f"{reverse('payments:counter')}?account={account.pk}"
    if owed > 0:
        text = _("%(owed)s yuan are owed: take the payment first.")
        found.append(Obstacle("debt", text % {"owed": yuan(owed)}, may_stay=True, url=counter))
    if advance:
        text = _("An advance of %(advance)s yuan is left: pay it back or move it first.")
        found.append(Obstacle("advance", text % {"advance": yuan(advance)}, may_stay=True, url=counter))
    return found


@provide("buttons_of_account")
def buttons_of_account(*, account: Account, user: User) -> list[Button]:
    """The way to the counter with this customer open."""
    url = f"{reverse('payments:counter')}?account={account.pk}"
    return [Button(_("Take payment"), url, right="gas.payments.take_payment", icon="cash", primary=True)]


@provide("warnings_of_account")
def warnings_of_account(*, account: Account, user: User) -> list[tuple[str, Any]]:
    """Cheques of the account that the bank has not paid yet, and the last one when it bounced."""
    if not rights.allowed(user, queries.VIEW):
        return []
    rows = list(Cheque.objects.filter(account=account).order_by("-pk")[:20])
    waiting = sum(one.amount_fen for one in rows if one.state == Cheque.State.WAITING)
    found: list[tuple[str, Any]] = []
    if waiting:
        found.append(("amber", _("A cheque of %(amount)s yuan is not cleared yet.") % {"amount": yuan(waiting)}))
    if rows and rows[0].state == Cheque.State.BOUNCED:
        found.append(("red", _("The last cheque bounced: take no further cheque.")))
    return found


@provide("indicator_value")
def indicator_value(*, name: str, unit: Unit, from_on: dt.date, until_on: dt.date) -> int | None:
    """The collection rate of a unit and below in per cent, 1/10000: what is paid of the bills of some months.

    None for other indicators, and while nothing is billed.
    """
    if name != COLLECTION_RATE:
        return None
    return queries.collection_rate(unit, period_of(from_on), period_of(until_on))
