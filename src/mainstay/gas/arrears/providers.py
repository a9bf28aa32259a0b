"""What arrears tell the account page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import rights
from mainstay.core.events.providers import provide
from mainstay.gas.arrears import rules
from mainstay.gas.arrears.actions import VIEW
from mainstay.gas.arrears.models import DunningAct
from mainstay.gas.arrears.queries import promise_of
from mainstay.gas.customers.models import Account
from mainstay.gas.customers.queries import Obstacle
from mainstay.kit.dates import local_today


@provide("account_tabs")
def account_tabs(*, account: Account, user: User) -> dict[str, Any] | None:
    """The tab "dunning" of the account page."""
    if not rights.allowed(user, VIEW):
        return None
    url = reverse("arrears:account_tab", args=[account.pk])
    return {"key": "arrears", "title": _("Dunning"), "url": url, "order": 57}


def _stopped(account: Account) -> DunningAct | None:
    rows = DunningAct.objects.filter(account=account, kind=rules.STOP, stopped_on__isnull=False, restored_on=None)
    return rows.exclude(state=DunningAct.State.LEFT_OUT).first()


@provide("obstacles_to_close")
def obstacles_to_close(*, account: Account) -> list[Obstacle]:
    """A promise or instalments that are not paid up yet."""
    kept = promise_of(account, local_today())
    if kept is None or kept.paid_fen >= sum(fen for _day, fen in kept.parts):
        return []
    url = f"{reverse('customers:account_detail', args=[account.pk])}?section=arrears"
    text = _("A promise to pay until %(day)s is open: whoever closes the account must know.")
    return [Obstacle("promise", text % {"day": kept.parts[-1][0]}, may_stay=True, url=url)]


@provide("warnings_of_account")
def warnings_of_account(*, account: Account, user: User) -> list[tuple[str, Any]]:
    """Supply that is stopped for debt: whoever takes the payment sees what follows."""
    order = _stopped(account)
    if order is None:
        return []
    text = _("Supply is stopped for debt since %(day)s (order %(number)s): restore it when the debt is paid.")
    return [("red", text % {"day": order.stopped_on, "number": order.order_no})]
