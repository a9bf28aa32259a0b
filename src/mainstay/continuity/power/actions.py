"""The yearly discharge test."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.power.models import Discharge, Sample
from mainstay.continuity.site.queries import declared
from mainstay.core.door import action, note_change
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User

RECORD = "continuity.power.record_discharge"
FEWEST = 3  # samples; fewer are no curve


@action(RECORD, title=_("Record a discharge test"), subject=lambda ups, **_f: ups)
def record_discharge(*, ups: str, began_at: datetime, ended_at: datetime, note: str = "", by: User) -> Discharge:
    """Record a discharge test from the samples taken meanwhile: how long it carried which load, what was left.

    Passed when it carried the promised time, or would have by the charge that was left. Raises Problem: no such supply,
    a window that is none or not over, fewer than three samples on battery in it.
    """
    site = declared()
    found = next((one for one in site.ups if one.name == ups), None) if site else None
    if found is None:
        raise Problem(_("There is no such supply in the site declaration."), field="ups", code="not_found")
    if not began_at < ended_at <= timezone.now():
        raise Problem(_("Give a time that is over, its end after its beginning."), field="ended_at", code="window")
    rows = list(
        Sample.objects.filter(ups=ups, at__gte=began_at, at__lte=ended_at, status__contains="OB").order_by("at")
    )
    if len(rows) < FEWEST:
        text = _("Only %(n)s minutes on battery were sampled in this time; a test needs at least three.")
        raise Problem(text % {"n": len(rows)}, field="began_at", code="no_curve")
    carried = round((rows[-1].at - rows[0].at).total_seconds()) + 60
    left = rows[-1].charge or 0
    used = (rows[0].charge or 100) - left
    whole = carried * (rows[0].charge or 100) // used if used > 0 else carried
    load = round(sum(one.load or 0 for one in rows) / len(rows))
    note_change(after={"carried_s": carried, "load": load, "left": left})
    return Discharge.objects.create(
        ups=ups, began_at=rows[0].at, ended_at=rows[-1].at, carried_s=carried, load=load, left_percent=left,
        passed=max(carried, whole) >= found.runtime_s, note=note.strip(), by=by,
    )  # fmt: skip
