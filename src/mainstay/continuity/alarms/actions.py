"""Somebody put on duty, taken off."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.alarms.models import Duty
from mainstay.core.door import action, note_change
from mainstay.core.outbox.rules import mobile
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.models import User

PUT, END = "continuity.alarms.put_on_duty", "continuity.alarms.end_duty"


@action(PUT, title=_("Send alarms to somebody on duty"), subject=lambda user, **_f: f"access.user:{user.pk}")
def put_on_duty(
    *, user: User, from_at: datetime, until_at: datetime | None = None, least: str = "red", phone: str = "", by: User
) -> Duty:
    """Let somebody get alarms as text messages for a time, at a number or at the one on record.

    Raises Problem: no mobile number, an end that is over or before the beginning, on duty then already.
    """
    if until_at is not None and until_at <= max(from_at, timezone.now()):
        raise Problem(_("The end has to be after the beginning, and not over yet."), field="until_at", code="until")
    written = phone.strip() or (user.person.phone if user.person else "")
    number = mobile(written)
    if not number:
        text = _("“%(number)s” is no mobile number. Give one of eleven figures that begins with 1.")
        raise Problem(text % {"number": written or "–"}, field="phone", code="phone")
    same = Duty.objects.filter(user=user, phone=number).exclude(until_at__lte=from_at)
    if until_at is not None:
        same = same.filter(from_at__lt=until_at)
    if same.exists():
        raise Problem(_("This person is on duty then already."), field="user", code="there")
    made = Duty.objects.create(user=user, phone=number, least=least, from_at=from_at, until_at=until_at, by=by)
    note_change(after={"from": f"{from_at:%Y-%m-%d %H:%M}", "phone": number[-4:], "alarms": least})
    return made


@action(END, title=_("Take somebody off duty"), subject=lambda duty, **_f: f"access.user:{duty.user_id}")
def end_duty(*, duty: Duty, by: User) -> Duty:
    """Send no more alarms from now on. Raises Problem: it is over."""
    now = timezone.now()
    if duty.until_at is not None and duty.until_at <= now:
        raise Problem(_("This duty is over already."), code="over")
    duty.until_at = max(now, duty.from_at)
    duty.save(update_fields=["until_at"])
    note_change(after={"until": f"{duty.until_at:%Y-%m-%d %H:%M}"})
    return duty
