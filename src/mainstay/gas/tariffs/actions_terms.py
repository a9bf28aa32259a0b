"""Terms that change for a while: an approval, an agreed price."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.gas.tariffs.actions import check_day, check_price
from mainstay.gas.tariffs.models import Terms
from mainstay.gas.tariffs.rules_terms import Span, overlay
from mainstay.kit.errors import Problem
from mainstay.kit.sqlkit import lock

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.gas.customers.models import Account

CHANGEABLE = frozenset({"persons", "low_income", "contract_price_e4"})
_COLUMNS = ("plan_id", "persons", "low_income", "heating", "contract_price_e4")


@action(
    "gas.tariffs.change_terms",
    title=_("Change billing terms for a time"),
    unit=lambda account, **_f: account.unit_id,
    subject=lambda account, **_f: f"customers.account:{account.pk}",
)
def change_terms(
    *, account: Account, from_on: date, last_on: date | None, change: Mapping[str, Any], rebills: bool = False, by: User
) -> list[Terms]:
    """Lay a change of some columns over an account's terms from a day to a last day (None: for good).

    Before and after it the terms are what they were. `rebills`: the caller bills the days again that are billed
    already. Returns the terms from that day on. Raises Problem: billed already, no terms, no such price.
    """
    lock("account", account.pk)
    if not rebills:
        check_day(account, from_on)
    if last_on is not None and last_on < from_on:
        raise Problem(_("The last day lies before the first."), field="until_on", code="bad_end")
    rows = list(Terms.objects.filter(account=account).select_related("plan").order_by("from_on"))
    if not any(one.from_on <= from_on and (one.until_on is None or one.until_on > from_on) for one in rows):
        raise Problem(_("The account has no tariff plan on that day. Set its terms first."), code="no_terms")
    kept = {key: value for key, value in change.items() if key in CHANGEABLE}
    spans = [Span(one.from_on, one.until_on, {name: getattr(one, name) for name in _COLUMNS}) for one in rows]
    until_on = last_on + timedelta(days=1) if last_on else None
    new = [
        Terms(account=account, from_on=span.from_on, until_on=span.until_on, **span.values)
        for span in overlay(spans, from_on, until_on, kept)
    ]
    _check(new, from_on, until_on)
    Terms.objects.filter(account=account).delete()
    Terms.objects.bulk_create(new)
    note_change(after={"from": f"{from_on}", "until": f"{until_on}" if until_on else None, **kept})
    return [one for one in new if one.until_on is None or one.until_on > from_on]


def _check(terms: list[Terms], from_on: date, until_on: date | None) -> None:
    """Let the rules look at what is new."""
    for one in terms:
        if one.from_on >= from_on and (until_on is None or one.from_on < until_on):
            check_price(one)
