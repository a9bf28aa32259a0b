"""Readings by the list, as a meter head-end or another program sends them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.gas.meters.models import Installation
from mainstay.gas.readings.batch import NewReading, Recorded, record_readings
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User


@action(
    "gas.readings.record_readings",
    title=_("Record a list of readings"),
    unit=lambda unit_id, **_f: unit_id,
    subject=lambda unit_id, **_f: f"organisation.unit:{unit_id}",
)
def record_reading_list(*, unit_id: int, rows: Sequence[NewReading], period: int, source: int, by: User) -> Recorded:
    """Record readings of one period for meters of one branch, at most one a meter; refused rows come back with why.

    Raises Problem, and records nothing, when a meter is of another branch or a later period is billed already.
    """
    ids = {row.installation_id for row in rows}
    if len(ids) < len(rows):
        raise Problem(_("A list has at most one reading of a meter."), code="twice")
    if Installation.objects.filter(pk__in=ids).exclude(account__unit=unit_id).exists():
        raise Problem(_("A list of readings is of one branch only."), code="other_unit")
    found = record_readings(rows, period=period, by=by, source=source, today=local_today())
    note_change(
        after={
            "period": period,
            "new": found.new,
            "already": found.already,
            "questioned": found.questioned,
            "refused": len(found.refused),
        }
    )
    return found
