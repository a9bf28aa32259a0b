"""Tables of patrols."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.inspection.patrols.models import Patrol
from mainstay.web.pages import CodeColumn, CountColumn

STATES = {
    "done": (_("walked"), "green", "✓"),
    "late": (_("walked late"), "amber", "△"),
    "open": (_("to walk"), "blue", "·"),
    "missed": (_("missed"), "red", "✗"),
}


def mark(state: str) -> Any:
    """A sign for a state: never colour alone."""
    title, hue, sign = STATES[state]
    return format_html('<b class="ms-{}" title="{}">{}</b>', hue, title, sign)


class PatrolTable(tables.Table):
    """Patrols with how their last rounds went."""

    code = CodeColumn(linkify=True, verbose_name=_("code"), orderable=False)
    name = tables.Column(accessor="name", verbose_name=pgettext_lazy("thing", "Name"), orderable=False)
    unit = tables.Column(verbose_name=_("unit in charge"), orderable=False)
    rhythm = tables.Column(accessor="get_rhythm_display", verbose_name=_("how often"), orderable=False)
    newest = tables.Column(verbose_name=_("Last rounds"), orderable=False, empty_values=())
    missed = CountColumn(verbose_name=_("Points missed in 30 days"), orderable=False)

    class Meta:
        model = Patrol
        fields = ("code", "name", "unit", "rhythm", "newest", "missed")

    def render_newest(self, record: Any) -> Any:
        """One sign a round, oldest first; or that it is paused."""
        if record.paused:
            return _("paused")
        return format_html_join(" ", "{}", ((mark(one),) for one in record.newest)) or "–"
