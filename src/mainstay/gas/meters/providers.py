"""What meters tells other parts: meters that hang where an account is to be closed."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.core.events.providers import provide
from mainstay.gas.customers.models import Account
from mainstay.gas.customers.queries import Obstacle


@provide("obstacles_to_close")
def obstacles_to_close(*, account: Account) -> list[Obstacle]:
    """Meters that still hang: each needs its last reading first."""
    hung = account.installations.filter(until_on=None).select_related("meter")
    text = _("Meter %(number)s still hangs: read it and take it down first.")
    return [
        Obstacle(
            "meter", text % {"number": one.meter}, url=reverse("meters:meter_detail", args=[one.meter_id])
        )
        for one in hung
    ]  # fmt: skip
