"""Who is on duty, what is wrong, who was told of it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.alarms.models import Duty, Notice
from mainstay.continuity.alarms.rules import LEAST, REMIND
from mainstay.continuity.site import registry
from mainstay.continuity.site.models import Observation
from mainstay.continuity.site.rules.verdict import GREEN, UNKNOWN, in_words
from mainstay.core.door import register_right

VIEW = register_right("continuity.alarms.view_duty", _("View who gets alarms"))


def on_duty(now: datetime) -> QuerySet[Duty]:
    """Those who get alarms at a moment; who may not log in any more gets none."""
    rows = Duty.objects.filter(Q(until_at=None) | Q(until_at__gt=now), from_at__lte=now, user__is_active=True)
    return rows.select_related("user__person").order_by("pk")


def wrong_now() -> list[Observation]:
    """What is not in order now, the oldest first."""
    return list(Observation.objects.filter(current=True).exclude(verdict__in=[GREEN, UNKNOWN]).order_by("since", "pk"))


def concerning(duty: Duty, found: list[Observation], now: datetime) -> list[Observation]:
    """Those of some findings that somebody on duty wants to know; an accepted one counts amber."""
    return [one for one in found if one.counted(now) in LEAST[duty.least]]


def told_last(duty: Duty, now: datetime) -> dict[str, datetime]:
    """Of which things this person was told within the time of a reminder, and when last, on whatever duty."""
    rows = Notice.objects.filter(duty__user=duty.user_id, duty__phone=duty.phone, at__gt=now - REMIND)
    return dict(rows.values_list("thing").annotate(last=Max("at")))


def thing_of(one: Observation) -> str:
    """What an alarm is about, the same when it comes back."""
    return f"{one.probe}:{one.place}:{one.subject}"


def line_of(one: Observation) -> str:
    """An alarm in a few words, in Chinese: the carrier's messages have one language."""
    place = f"{one.place} " if one.place else ""
    return f"{registry.probe(one.probe).measure} {place}{in_words(one.subject, True)} {one.text_zh}".strip()
