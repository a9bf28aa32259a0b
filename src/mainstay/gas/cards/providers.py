"""What cards tell the apps on its left: a tab of the account page, a warning, payments only an order takes back."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import User
from mainstay.core.door import rights
from mainstay.core.events.providers import provide
from mainstay.gas.billing.actions import count_sold
from mainstay.gas.billing.queries_days import closed_units
from mainstay.gas.cards.actions_leftover import give_back, may_be_left, no_day_for_it
from mainstay.gas.cards.models import CardOrder
from mainstay.gas.cards.queries import VIEW, card_meter, last_order, unfinished
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import PREPAID_KINDS, Installation
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem

SELL = "gas.cards.pay_order"
UNFINISHED = _("Card order %(number)s is paid and not on the card: write the card or void the order first.")


def has_card(account: Account) -> bool:
    """Whether the account buys its gas by card: an IC card meter hangs there, or it has bought before."""
    meters = Installation.objects.filter(account=account, until_on=None, meter__kind__in=PREPAID_KINDS)
    return meters.exists() or CardOrder.objects.filter(account=account).exists()


def half_done(account: Account) -> CardOrder | None:
    """An order that is paid and not on the card."""
    return CardOrder.objects.filter(account=account, state=CardOrder.State.PAID).first()


@provide("account_tabs")
def account_tabs(*, account: Account, user: User) -> dict[str, Any] | None:
    """The tab "card" of the account page: key, title, address of its content, order."""
    if not rights.allowed(user, VIEW) or not has_card(account):
        return None
    return {"key": "cards", "title": _("IC card"), "url": reverse("cards:account_tab", args=[account.pk]), "order": 52}


@provide("warnings_of_account")
def warnings_of_account(*, account: Account, user: User) -> list[tuple[str, Any]]:
    """Purchases that are paid and not on the card yet."""
    if not rights.allowed(user, VIEW):
        return []
    text = _("Card order %(number)s is paid and not finished: write the card, nothing is charged again.")
    return [("red", text % {"number": one.number}) for one in unfinished(account)]


@provide("stops_of_reversal")
def stops_of_reversal(*, account_id: int, payment_no: int) -> list[Any]:
    """A payment of a card order is taken back with the order, which looks at the card first."""
    order = CardOrder.objects.filter(account=account_id, payment_no=payment_no).exclude(state="void").first()
    if order is None:
        return []
    return [
        _("This payment is of card order %(number)s: void the order, with the card in the reader.") % {"number": order}
    ]


@provide("after_exchange")
def sell_again(*, installation: Installation, user: User) -> str | None:
    """Where gas left on the meter was paid back and another card meter hangs now: to the desk that sells it again."""
    account = installation.account
    if not CardOrder.objects.filter(installation=installation, state=CardOrder.State.RETURNED).exists():
        return None
    if not Account.objects.visible_to(user, SELL).filter(pk=account.pk).exists() or card_meter(account) is None:
        return None
    return reverse("cards:desk", args=[account.pk])


@provide("hindrances_of_taking_down")
def hindrances_of_taking_down(*, installation: Installation) -> list[tuple[str, Any]]:
    """What keeps a card meter where it is: an order half done, or gas left on it while today is closed."""
    if installation.meter.kind not in PREPAID_KINDS:
        return []
    if (paid := half_done(installation.account)) is not None:
        return [("red", UNFINISHED % {"number": paid})]
    if may_be_left(installation) and installation.account.unit_id in closed_units(local_today()):
        return [("amber", no_day_for_it(installation))]
    return []


@provide("meter_taken_down")
def card_meter_taken_down(*, installation: Installation, by: User) -> list[Any]:
    """A card meter comes down: no purchase may be half done, what is left on it is paid back into the advance, and the
    bills of the meter after it go on counting.

    Raises Problem, and then nothing is taken down: an order is paid and not on the card.
    """
    account = installation.account
    if installation.meter.kind not in PREPAID_KINDS:
        return []
    if (paid := half_done(account)) is not None:
        raise Problem(UNFINISHED % {"number": paid}, code="unfinished")
    if installation.until_on is not None:
        give_back(installation, by.pk)
    order = last_order(account)
    if order is not None and installation.until_on is not None:
        count_sold(
            account=account, on=installation.until_on, year_start_on=order.year_start_on, volume_l=order.year_after_l,
            reason=str(_("Sold by card: %(number)s") % {"number": order}),
        )  # fmt: skip
    return []
