"""Reads of master meters: what they and the meters below them measured in a period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet, Sum

from mainstay.core.door import rights
from mainstay.core.events.providers import provide
from mainstay.gas.accounts.models import MeterDifference
from mainstay.gas.accounts.queries import VIEW
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import Installation
from mainstay.gas.readings.models import Reading

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit


@dataclass(slots=True)
class Measured:
    """Litres of a master meter (None: not read) and of the meters below it; numbers of those that are not read."""

    master_l: int | None = None
    subs_l: int = 0
    missing: list[str] = field(default_factory=list)


def masters_of(unit: Unit) -> QuerySet[Account]:
    """Accounts of a branch and below whose master meter has a rule."""
    rows = Account.objects.exclude(difference=None).filter(unit__path__startswith=unit.path)
    return rows.exclude(state=Account.State.CLOSED).select_related("unit").order_by("account_no")


def measured(accounts: Sequence[Account], period: int) -> Iterator[tuple[Account, Measured]]:
    """What was measured at and below each account in a period. Three statements, however many accounts."""
    ids = [one.pk for one in accounts]
    found = {key: Measured() for key in ids}
    own = Reading.objects.filter(account__in=ids, period=period, state=Reading.State.ACCEPTED)
    for account_id, litres in own.values_list("account_id").annotate(litres=Sum("volume_l")):
        found[account_id].master_l = litres
    below = list(
        Installation.objects.filter(master__account__in=ids, master__until_on=None, until_on=None)
        .values_list("pk", "account_id", "master__account_id", "meter__meter_no")
    )  # fmt: skip
    read = _volumes({row[1] for row in below}, period)
    for key, _account, master_account, number in below:
        if master_account == _account:
            continue  # a further meter of the same account is billed with it
        if key in read:
            found[master_account].subs_l += read[key]
        else:
            found[master_account].missing.append(number)
    for account in accounts:
        yield account, found[account.pk]


def _volumes(account_ids: set[int], period: int) -> dict[int, int]:
    rows = Reading.objects.filter(account__in=account_ids, period=period, state=Reading.State.ACCEPTED)
    return dict(rows.values_list("installation_id").annotate(litres=Sum("volume_l")))


@provide("volume_below")
def volume_below(*, account: Account, readings: Sequence[Reading]) -> int:
    """Litres that the sub meters measured in the period of an account's readings: they are not billed to the master."""
    if account.difference != Account.Difference.BILLED or not readings:
        return 0
    return next(measured([account], readings[0].period))[1].subs_l


def differences_for_list(user: User, right: str = VIEW) -> QuerySet[Any]:
    """Differences of the units the user may see, newest period first, the greatest loss first."""
    ids = rights.unit_ids(user, right)
    rows = MeterDifference.objects.select_related("account__customer", "account__unit")
    return rows if ids is None else rows.filter(account__unit__in=ids)
