"""Reads about card orders."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right, rights
from mainstay.gas.billing.models import Bill
from mainstay.gas.cards.models import CardOrder
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import PREPAID_KINDS, Installation
from mainstay.gas.payments.models import Advance
from mainstay.gas.payments.queries import due_items

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW = register_right("gas.cards.view_order", _("View card orders"))
UNFINISHED = (CardOrder.State.PAID, CardOrder.State.WRITTEN)


def orders_visible_to(user: User, right: str = VIEW) -> QuerySet[CardOrder]:
    """Card orders of the branches the user may see."""
    ids = rights.unit_ids(user, right)
    rows = CardOrder.objects.select_related("account", "unit", "by__person")
    return rows if ids is None else rows.filter(unit_id__in=ids)


def last_order(account: Account) -> CardOrder | None:
    """The newest order of an account that counts: its tier counter is where the next one begins."""
    states = [CardOrder.State.PAID, CardOrder.State.WRITTEN, CardOrder.State.CONFIRMED, CardOrder.State.RETURNED]
    return CardOrder.objects.filter(account=account, state__in=states).order_by("-paid_at", "-pk").first()


def counter_of(account: Account) -> tuple[date, int] | None:
    """(tariff year, litres counted in it) where the next purchase begins; None when nothing was sold or billed yet.

    A household has one set of tiers a year: where a mechanical meter hung before, what was billed counts. The greater
    of what was sold and billed: when meters are exchanged, each takes over what the other had counted.
    """
    order, bill = last_order(account), Bill.objects.filter(account=account).latest_first().first()
    found = [(one.year_start_on, one.year_after_l) for one in (order, bill) if one is not None]
    return max(found, default=None)


def card_meter(account: Account) -> Installation | None:
    """The card meter that hangs at an account; None where there is none, or more than one."""
    hung = list(Installation.objects.filter(account=account, until_on=None, meter__kind__in=PREPAID_KINDS)[:2])
    return hung[0] if len(hung) == 1 else None


def unfinished(account: Account) -> list[CardOrder]:
    """Orders of an account that are paid and not confirmed: they are resumed, never charged again."""
    return list(CardOrder.objects.filter(account=account, state__in=UNFINISHED).order_by("pk"))


def free_advance(account: Account) -> int:
    """The advance of an account less what it owes, in fen; not below zero."""
    held = Advance.objects.filter(account=account).values_list("balance_fen", flat=True).first() or 0
    if held <= 0:
        return 0
    return max(0, held - max(0, sum(one.open_fen for one in due_items(account))))


def orders_of(account: Account, limit: int = 12) -> list[CardOrder]:
    """The newest orders of an account."""
    return list(CardOrder.objects.filter(account=account).order_by("-pk")[:limit])
