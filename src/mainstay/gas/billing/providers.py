"""What billing tells the apps on its left: tabs of the account page, and whether a period is billed."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import rights
from mainstay.core.events.providers import provide
from mainstay.gas.billing.chain import BASE_KINDS
from mainstay.gas.billing.models import Bill, BillingRun
from mainstay.gas.billing.queries_billed import unbilled_periods
from mainstay.gas.billing.rights import VIEW_BILL
from mainstay.gas.customers.models import Account
from mainstay.gas.customers.queries import Obstacle


@provide("is_billed")
def is_billed(*, account_id: int, period: int) -> bool:
    """Whether a bill holds for the period, so that its readings must not change before it is cancelled."""
    bills = list(Bill.objects.filter(account=account_id, period=period).values_list("kind", "seq", "refers_seq"))
    cancelled = {refers for kind, _seq, refers in bills if kind == Bill.Kind.REVERSAL}
    return any(kind in BASE_KINDS and seq not in cancelled for kind, seq, _refers in bills)


@provide("obstacles_to_close")
def obstacles_to_close(*, account: Account) -> list[Obstacle]:
    """Readings that are not billed, and bills that a run has made and nobody released yet."""
    url = f"{reverse('customers:account_detail', args=[account.pk])}?section=bills"
    found = []
    if unbilled_periods(account):
        found.append(Obstacle("unbilled", _("A reading of this account is not billed yet: bill it first."), url=url))
    if Bill.objects.filter(account=account, run__state=BillingRun.State.COMPUTED).exists():
        text = _("A bill of this account waits for the release of its run.")
        found.append(Obstacle("unreleased", text, url=url))
    return found


@provide("account_tabs")
def account_tabs(*, account: Account, user: User) -> dict[str, Any] | None:
    """The tab "bills" of the account page: key, title, address of its content, order."""
    if not rights.allowed(user, VIEW_BILL):
        return None
    return {
        "key": "bills",
        "title": _("Bills"),
        "url": reverse("billing:account_bills", args=[account.pk]),
        "order": 40,
    }
