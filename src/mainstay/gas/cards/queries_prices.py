"""What gas on a card costs an account today, and how much a sum of money buys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mainstay.gas.billing.batch import PlanBook, Usage, rate_usage
from mainstay.gas.billing.chain import group_of
from mainstay.gas.cards import queries
from mainstay.gas.tariffs.queries import terms_now
from mainstay.gas.tariffs.rules import TariffError
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.gas.billing.batch import Rated
    from mainstay.gas.customers.models import Account

MOST_L = 5_000_000
CUBIC_METRE_L = 1_000


class Prices:
    """The prices of an account on the day: its terms, its tariff, what its year has counted; read once."""

    def __init__(self, account: Account) -> None:
        """Raises Problem where the account has no tariff plan."""
        now = terms_now(account)
        if now is None:
            raise Problem(_("The account has no tariff plan. Set its terms first."), code="no_terms")
        terms, today = now.terms, local_today()
        self.plans = PlanBook(terms.plan_id)
        self.usage = Usage(
            terms.plan_id, today, today + timedelta(days=1), 0, terms.persons, terms.low_income, terms.heating,
            terms.contract_price_e4, account.used_since, account.closed_on,
            queries.counter_of(account), group_of(account.book_entry.book_id),
        )  # fmt: skip

    def of(self, volume_l: int) -> Rated:
        """Price of a volume (litres). Raises Problem, with the tariff's words, where it has none."""
        try:
            return rate_usage(self.plans, replace(self.usage, volume_l=volume_l))
        except TariffError as error:
            text = error.zh if (get_language() or "zh").startswith("zh") else error.en
            raise Problem(text, code=error.code) from error


@dataclass(frozen=True, slots=True)
class Offer:
    """What the free part of an advance (fen) buys: whole cubic metres (litres) for an amount (fen)."""

    free_fen: int
    volume_l: int
    amount_fen: int

    @property
    def cubic_metres(self) -> int:
        """The volume as it is typed in."""
        return self.volume_l // CUBIC_METRE_L


def offer(account: Account) -> Offer | None:
    """The most whole cubic metres that the free part of an account's advance buys; None where it buys none.

    More gas never costs less, so the volume is found by halving.
    """
    free_fen = queries.free_advance(account)
    if free_fen <= 0 or queries.unfinished(account):
        return None
    try:
        prices = Prices(account)
        low, high = 0, MOST_L // CUBIC_METRE_L
        while low < high:
            middle = (low + high + 1) // 2
            if prices.of(middle * CUBIC_METRE_L).amount_fen <= free_fen:
                low = middle
            else:
                high = middle - 1
        amount_fen = prices.of(low * CUBIC_METRE_L).amount_fen if low else 0
    except Problem:
        return None  # no price today: the desk says why when gas is priced
    return Offer(free_fen, low * CUBIC_METRE_L, amount_fen) if amount_fen > 0 else None
