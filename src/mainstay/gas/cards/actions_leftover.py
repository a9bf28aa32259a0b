"""Gas that was bought on a card and is left on a meter that comes down: its money goes back to the customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.core.documents.numbers import next_number
from mainstay.gas.billing.queries_days import closed_units
from mainstay.gas.cards import posting, rules
from mainstay.gas.cards.models import CardOrder
from mainstay.gas.cards.queries import last_order
from mainstay.gas.readings.rules import metered, used_between
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.gas.meters.models import Installation

_ON_THE_METER = (CardOrder.State.WRITTEN, CardOrder.State.CONFIRMED)


def give_back(installation: Installation, by_id: int) -> CardOrder | None:
    """Buy back what is left on a card meter that was just taken down; part of that act. None when nothing is left.

    Left is what was sold for this very meter less what it measured. It is worth what was paid for it, the last bought
    first; the money goes into the advance, revenue and VAT go back, and the tiers of the year count that much less.
    """
    lock("account", installation.account_id)
    sold = _sold_for(installation)
    last = last_order(installation.account)
    if not sold or last is None:
        return None
    left_l = sum(one.volume_l for one in sold) - _measured(installation)
    bought = [rules.Bought(one.year_start_on, one.amount_fen, one.vat_fen, one.lines) for one in sold]
    found = rules.value_of(left_l, bought, last.year_start_on)
    if found.amount_fen <= 0:
        return None
    if installation.account.unit_id in closed_units(local_today()):
        raise Problem(no_day_for_it(installation), code="day_closed")
    year, now = local_today().year, timezone.now()
    order = CardOrder.objects.create(
        number=f"IC{year}{next_number('card-order', year):07d}", account=installation.account,
        unit_id=installation.account.unit_id, installation=installation, card_no=last.card_no,
        purchases_before=last.purchases_before, volume_l=found.volume_l, amount_fen=found.amount_fen,
        vat_fen=found.vat_fen, version_id=sold[0].version_id, lines=found.lines, year_start_on=last.year_start_on,
        year_before_l=last.year_after_l, year_after_l=last.year_after_l - found.of_year_l,
        state=CardOrder.State.RETURNED, reason=_("left on meter %(meter)s") % {"meter": installation.meter},
        by_id=by_id, at=now, paid_at=now,
    )  # fmt: skip
    posting.take_back(order, by_id=by_id, day=local_today(), shift=None)
    return order


def may_be_left(installation: Installation) -> bool:
    """Whether gas was bought for the meter that its last index will tell the rest of."""
    return bool(_sold_for(installation))


def no_day_for_it(installation: Installation) -> str:
    """Why gas that is left cannot be paid back today, and what to do."""
    text = _(
        "Gas that is left on card meter %(meter)s is paid back when the meter comes down, and the business day "
        "%(day)s is closed for %(unit)s. If gas is left, take the meter down tomorrow; nothing can be booked today."
    )
    facts = {"meter": installation.meter, "day": local_today(), "unit": installation.account.unit}
    return text % facts


def _sold_for(installation: Installation) -> list[CardOrder]:
    """What was sold for this very meter, the newest first; nothing once it was bought back."""
    orders = CardOrder.objects.filter(installation=installation).order_by("-paid_at", "-pk")
    if orders.filter(state=CardOrder.State.RETURNED).exists():
        return []
    return list(orders.filter(state__in=_ON_THE_METER))


def _measured(installation: Installation) -> int:
    meter = installation.meter
    last_l = installation.last_index_l or 0
    used = used_between(installation.first_index_l, last_l, 10**meter.digits * 1000)
    return max(0, metered(used, meter.factor_e4))
