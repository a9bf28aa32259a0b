"""How long levels may take, and who is told when: dated rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from mainstay.core.door import action, note_change
from mainstay.inspection.hazards.models import EscalationStep, HazardClock
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User

BEGINNING = date(2020, 1, 1)
STANDARD = (("general", 30), ("major", 7))
STEPS = (
    ("general", -3, "owner"), ("general", 0, "owner"), ("general", 3, "head"), ("general", 7, "organisers"),
    ("major", -3, "owner"), ("major", 0, "head"), ("major", 3, "organisers"), ("major", 7, "organisers"),
)  # fmt: skip


@action("inspection.hazards.save_clock", title=_("Set the time for a level of hazards"))
def save_clock(
    *, level: str, days: int, from_on: date, accept_days: int = 10, basis: str = "", by: User
) -> HazardClock:
    """Say how many days a level may take from a day on. Raises Problem: no days, a day that has a row already."""
    if not 1 <= days <= 365 or accept_days < 1:  # noqa: PLR2004  # a year is the longest
        raise Problem(_("Give 1 to 365 days."), field="days", code="bad_days")
    if HazardClock.objects.filter(level=level, from_on=from_on).exists():
        raise Problem(_("There is a row for this level and day already."), field="from_on", code="taken")
    made = HazardClock.objects.create(
        level=level, days=days, from_on=from_on, accept_days=accept_days, basis=basis.strip()
    )
    note_change(after={"level": level, "days": days, "from": f"{from_on}"})
    return made


@action("inspection.hazards.install_clocks", title=_("Install usual times and steps of escalation"))
def install_clocks(*, by: User) -> int:
    """Write the usual times (general 30 days, serious 7) and steps (T−3, T0, T+3, T+7) where there are none yet."""
    made = 0
    if not HazardClock.objects.exists():
        made += len(
            HazardClock.objects.bulk_create(HazardClock(level=a, days=b, from_on=BEGINNING) for a, b in STANDARD)
        )
    if not EscalationStep.objects.exists():
        rows = [EscalationStep(level=level, offset=offset, whom=whom) for level, offset, whom in STEPS]
        made += len(EscalationStep.objects.bulk_create(rows))
    note_change(after={"rows": made})
    return made
