"""The one write of reports: how much gas came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.core.organisation.models import Unit
from mainstay.gas.reports.models import Supply
from mainstay.kit.dates import local_today, period_of
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User


@action("gas.reports.record_supply", title=_("Record gas taken in"), unit=lambda *, unit, **_facts: unit.pk)
def record_supply(*, unit: Unit, period: int, volume_l: int, by: User, note: str = "") -> Supply:
    """Say how much gas a branch took in in a calendar month, in litres; said again it replaces what was said.

    Raises Problem for a month still to come and for a volume below zero.
    """
    if period > period_of(local_today()):
        raise Problem(_("This month is still to come."), field="period", code="future")
    if volume_l < 0:
        raise Problem(_("The volume must not be below zero."), field="volume", code="below_zero")
    before = Supply.objects.filter(unit=unit, period=period).values_list("volume_l", flat=True).first()
    made, _new = Supply.objects.update_or_create(
        unit=unit, period=period,
        defaults={"volume_l": volume_l, "note": note.strip()[:200], "by": by, "at": timezone.now()},
    )  # fmt: skip
    note_change(
        subject=f"reports.supply:{made.pk}", before={"volume_l": before}, after={"period": period, "volume_l": volume_l}
    )
    return made
