"""The pages of card sales."""

from __future__ import annotations

from mainstay.core.organisation.models import Unit
from mainstay.gas.cards.actions import pay_order
from mainstay.gas.cards.models import CardOrder
from mainstay.gas.cards.queries import VIEW
from mainstay.gas.cards.rules import CardState
from tests.gas.cards.make import draft, make_buyer, make_seller
from tests.pages.battery import Page, Rows, battery


def order(unit: Unit) -> CardOrder:
    account = make_buyer(unit=unit)
    clerk, _shift = make_seller(account)
    made = draft(account, clerk, card=CardState(f"8{account.pk:07d}", 3, ""))
    return pay_order(order=made, tender=2, by=clerk)


TestCards = battery(
    Page("cards:order_list", VIEW, Rows(order)),
    Page("cards:order_detail", VIEW, lambda unit: {"pk": order(unit).pk}, extra=("gas.cards.pay_order",)),
    Page("cards:desk", "gas.cards.pay_order", lambda unit: {"account": order(unit).account_id}),
)
