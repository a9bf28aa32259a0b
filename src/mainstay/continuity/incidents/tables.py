"""Tables of incidents."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.incidents.models import Incident
from mainstay.continuity.incidents.states import INCIDENT
from mainstay.web.pages import BadgeColumn, CodeColumn, InstantColumn

GRADE_HUES = {1: "red", 2: "red", 3: "amber", 4: "grey"}


class IncidentTable(tables.Table):
    """Incidents, the latest first."""

    number = CodeColumn(linkify=True)
    title = tables.Column()
    kind = tables.Column(accessor="get_kind_display", verbose_name=_("kind"), orderable=False)
    grade = BadgeColumn(hues=GRADE_HUES)
    state = BadgeColumn(hues=INCIDENT.hues)
    began_at = InstantColumn()
    over_at = InstantColumn()
    touched = tables.Column(orderable=False)
    closed_by = tables.Column(orderable=False, attrs={"td": {"class": "text-nowrap"}})

    class Meta:
        model = Incident
        fields = ("number", "title", "kind", "grade", "state", "began_at", "over_at", "touched", "closed_by")
        order_by = "-number"
