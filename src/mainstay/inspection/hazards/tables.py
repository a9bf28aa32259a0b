"""Tables of hazards."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from mainstay.inspection.hazards.models import Acceptance, Hazard, HazardClock, HazardStep, Notice
from mainstay.inspection.hazards.states import HAZARD, NOTICE
from mainstay.web.pages import BadgeColumn, CodeColumn, CountColumn, DayColumn, InstantColumn

LEVEL_HUES = {"general": "amber", "major": "red"}


class HazardTable(tables.Table):
    """Hazards, the most urgent first."""

    item_code = CodeColumn(linkify=lambda record: record.get_absolute_url(), orderable=False)
    target = tables.Column(linkify=lambda record: record.get_absolute_url(), orderable=False)
    unit = tables.Column(orderable=False)
    level = BadgeColumn(hues=LEVEL_HUES, orderable=False)
    finding = tables.Column(orderable=False)
    state = BadgeColumn(hues=HAZARD.hues, orderable=False)
    found_on = DayColumn(orderable=False)
    deadline_on = DayColumn()
    seen = CountColumn(orderable=False)

    class Meta:
        model = Hazard
        fields = ("item_code", "target", "unit", "level", "finding", "state", "found_on", "deadline_on", "seen")

    def render_deadline_on(self, value: Any, record: Hazard) -> Any:
        """The day, in red with the days over."""
        if record.days_over:
            return format_html('<b class="ms-red">{} +{}</b>', value.isoformat(), record.days_over)
        return format_html('<span class="ms-num">{}</span>', value.isoformat())


class NoticeTable(tables.Table):
    """Rectification notices."""

    number = CodeColumn(linkify=True, orderable=False)
    target = tables.Column(orderable=False)
    unit = tables.Column(orderable=False)
    deadline_on = DayColumn(orderable=False)
    state = BadgeColumn(hues=NOTICE.hues, orderable=False)
    served = tables.Column(orderable=False)
    issued_by = tables.Column(verbose_name=_("Issued by"), orderable=False)
    issued_at = InstantColumn(orderable=False)

    class Meta:
        model = Notice
        fields = ("number", "target", "unit", "deadline_on", "state", "served", "issued_by", "issued_at")


class StepTable(tables.Table):
    """What happened to a hazard."""

    at = InstantColumn(orderable=False)
    what = tables.Column(orderable=False)
    by = tables.Column(orderable=False)
    note = tables.Column(orderable=False)

    class Meta:
        model = HazardStep
        fields = ("at", "what", "by", "note")


class VerdictTable(tables.Table):
    """Who looked again, and what he saw."""

    at = InstantColumn(orderable=False)
    by = tables.Column(orderable=False)
    good = BadgeColumn(
        hues={True: "green", False: "red"},
        words={True: _("accepted after recheck"), False: _("sent back")},
        orderable=False,
    )
    round = CountColumn(orderable=False)
    note = tables.Column(orderable=False)

    class Meta:
        model = Acceptance
        fields = ("at", "by", "good", "round", "note")


class ClockTable(tables.Table):
    """Times of levels."""

    level = BadgeColumn(hues=LEVEL_HUES, orderable=False)
    days = CountColumn(orderable=False)
    accept_days = CountColumn(orderable=False)
    from_on = DayColumn(orderable=False)
    basis = tables.Column(orderable=False)

    class Meta:
        model = HazardClock
        fields = ("level", "days", "accept_days", "from_on", "basis")
