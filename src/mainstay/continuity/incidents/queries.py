"""Which incidents are open, which wait to be closed, what is on record of a measure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.incidents.models import FollowUp, Incident
from mainstay.continuity.incidents.rules import Standing, judge_incident
from mainstay.continuity.site.models import Observation
from mainstay.continuity.site.rules.verdict import GREEN, Seen
from mainstay.core.door import register_right

VIEW = register_right("continuity.incidents.view_incident", _("View incidents"))
SHOWN = 20


def look_at_incidents(now: datetime) -> Iterable[Seen]:
    """The probe of incidents: each that is not closed, and those closed whose follow-ups are overdue."""
    late = Q(follow_ups__done_on=None, follow_ups__due_on__lt=timezone.localdate(now))
    rows = Incident.objects.annotate(late=Count("follow_ups", filter=late))
    found = [
        judge_incident(Standing(str(one), one.grade, one.state, one.noticed_at, one.over_at, one.late), now)
        for one in rows.exclude(state=Incident.State.CLOSED, late=0).order_by("pk")
    ]
    return found or [Seen("incidents", GREEN, figure="0")]


def unclosed(finding: Observation) -> Incident | None:
    """The incident that was opened for what a probe saw there and is not closed yet, if there is one."""
    same = {f"finding__{name}": getattr(finding, name) for name in ("probe", "place", "subject")}
    return Incident.objects.filter(**same).exclude(state=Incident.State.CLOSED).first()


def follow_ups(incident: Incident) -> QuerySet[FollowUp]:
    """What has to be done after it, the next due first."""
    return incident.follow_ups.select_related("who__person")


def of_measure(measure: str) -> list[Incident]:
    """The latest incidents of a measure, newest first."""
    return list(Incident.objects.filter(measure=measure)[:SHOWN])


def open_now(_user: Any) -> QuerySet[Incident]:
    """Incidents being handled."""
    return Incident.objects.filter(state=Incident.State.OPEN)
