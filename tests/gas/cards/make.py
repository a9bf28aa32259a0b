"""Builders for card sales: an account at a Beijing tariff, a clerk with a shift, a card."""

from __future__ import annotations

from typing import Any

from mainstay.core.access.models import User
from mainstay.gas.cards.actions import draft_order
from mainstay.gas.cards.models import CardOrder
from mainstay.gas.cards.rules import CardState
from mainstay.gas.customers.models import Account
from mainstay.gas.payments.models import Shift
from mainstay.gas.tariffs.models import Plan
from tests.gas.billing.make import make_tariff
from tests.gas.make import make_account
from tests.gas.payments.make import make_clerk, make_shift, make_till

SELLS = ("gas.cards.draft_order", "gas.cards.pay_order", "gas.cards.report_write", "gas.cards.report_read")
CARD = CardState("80001234", 3, "IC2026000001")


def make_buyer(**facts: Any) -> Account:
    """An account that buys gas, at 2 yuan to 30 m³ a year, 3 to 55, 4 above."""
    plan = Plan.objects.filter(code="tiers").first() or make_tariff()
    return make_account(plan=plan, **facts)


def make_seller(account: Account, *more: str, limit_fen: int | None = None) -> tuple[User, Shift]:
    """A clerk with an open shift in the account's branch."""
    clerk = make_clerk(None, *SELLS, "gas.cards.void_order", *more, limit_fen=limit_fen)
    return clerk, make_shift(clerk, make_till(account.unit))


def draft(account: Account, clerk: User, cubic_metres: int = 20, card: CardState = CARD) -> CardOrder:
    """A priced order."""
    return draft_order(account=account, card=card, volume_l=cubic_metres * 1_000, by=clerk)


def after(order: CardOrder) -> CardState:
    """The card once the order is written."""
    return CardState(order.card_no, order.purchases_before + 1, order.number)
