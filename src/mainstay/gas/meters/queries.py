"""Reads about meters: what a person may see, where they hang, whose verification ends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import register_right, rights
from mainstay.core.events.providers import provide
from mainstay.core.home.search import Hit
from mainstay.gas.customers.models import Account
from mainstay.gas.meters.models import Installation, Meter
from mainstay.kit.dates import local_today

if TYPE_CHECKING:
    from mainstay.core.access.models import User

VIEW = register_right("gas.meters.view_meter", _("View meters"))
DUE_DAYS = 90
COUNTED_AT_MOST = 1_000
SHORTEST_NUMBER = 4


def meters_visible_to(user: User) -> QuerySet[Meter]:
    """Meters of the user's units, each with the number and key of the account it hangs at."""
    return _with_account(Meter.objects.visible_to(user, VIEW))


def _with_account(meters: QuerySet[Meter]) -> QuerySet[Meter]:
    hangs = Installation.objects.filter(meter=OuterRef("pk"), until_on=None)
    return meters.select_related("unit").annotate(
        account_no=Subquery(hangs.values("account__account_no")[:1]), at_account=Subquery(hangs.values("account")[:1])
    )


def meters_for_list(user: User, *, with_store: bool) -> QuerySet[Meter]:
    """Meters of the user's units, `with_store` the company's own too, in an order that an index gives."""
    ids = rights.unit_ids(user, VIEW)
    if ids is None or with_store:
        return meters_visible_to(user).order_by("meter_no")
    if len(ids) == 1:
        return _with_account(Meter.objects.filter(unit=ids[0])).order_by("meter_no")
    return _with_account(Meter.objects.filter(unit__in=ids)).order_by("unit", "meter_no")


def due_installations(user: User) -> QuerySet[Installation]:
    """Meters of the user's units that hang somewhere, the first to be verified first."""
    ids = rights.unit_ids(user, VIEW)
    rows = Installation.objects.filter(until_on=None, meter__state=Meter.State.INSTALLED)
    if ids is not None:
        rows = rows.filter(meter__unit__in=ids)
    rows = rows.filter(meter__verified_until__isnull=False)
    return rows.select_related("meter__unit", "account__premise").order_by("meter__verified_until", "pk")


def due_until(today: date | None = None) -> date:
    """The day up to which the due list looks ahead unless told otherwise."""
    return (today or local_today()) + timedelta(days=DUE_DAYS)


def due_rows(user: User) -> QuerySet[Meter]:
    """Meters the due list shows, one more than a thousand at most."""
    rows = Meter.objects.filter(state=Meter.State.INSTALLED, verified_until__lte=due_until())
    ids = rights.unit_ids(user, VIEW)
    rows = rows if ids is None else rows.filter(unit__in=ids)
    return rows.order_by()[: COUNTED_AT_MOST + 1]


def due_told(_user: User, found: int) -> int | str:
    """Their number; beyond a thousand only that there are more."""
    return found if found <= COUNTED_AT_MOST else f"{COUNTED_AT_MOST:,}+"


def installations_of(account: Account) -> list[Installation]:
    """Where meters hang and hung at an account, those of today first."""
    rows = account.installations.select_related("meter", "master__meter")
    return sorted(rows, key=lambda one: (one.until_on is not None, -one.from_on.toordinal(), -one.pk))


def find_meters(user: User, text: str) -> list[Hit]:
    """The search box: meters by the beginning of their number."""
    wanted = text.strip().upper()
    if len(wanted) < SHORTEST_NUMBER or not wanted.isascii():
        return []
    rows = meters_visible_to(user).filter(pk__in=Meter.objects.numbered(wanted).order_by("meter_no").values("pk")[:8])
    return [_hit(one) for one in rows.order_by("meter_no")]


def _hit(meter: Any) -> Hit:
    place = _("at account %(number)s") % {"number": meter.account_no} if meter.account_no else meter.get_state_display()
    return Hit(meter.meter_no, meter.get_absolute_url(), f"{meter.get_kind_display()} · {place}")


@provide("account_tabs")
def account_tabs(*, account: Account, user: User) -> dict[str, Any] | None:
    """The tab "meters" of the account page: key, title, address of its content, order."""
    if not rights.allowed(user, VIEW):
        return None
    return {
        "key": "meters", "title": _("Meters"), "url": reverse("meters:account_meters", args=[account.pk]), "order": 20,
    }  # fmt: skip
