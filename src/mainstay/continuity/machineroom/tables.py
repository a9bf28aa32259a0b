"""Tables of the machine room."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.machineroom.models import Item, Visit
from mainstay.continuity.machineroom.rules import judge_item
from mainstay.kit.dates import local_today
from mainstay.web.pages import CodeColumn, DayColumn, InstantColumn
from mainstay.web.templatetags.mainstay import badge

WORDS = {"green": (_("in order"), "green"), "amber": (_("due soon"), "amber"), "red": (_("overdue or faulty"), "red")}
STATES = {"expected": (_("expected"), "blue"), "in": (_("in the room"), "amber"), "out": (_("gone"), "grey")}


class ItemTable(tables.Table):
    """Items and when they are due."""

    label = CodeColumn(linkify=True)
    name = tables.Column()
    kind = tables.Column(accessor="get_kind_display", verbose_name=_("kind"), orderable=False)
    place = tables.Column(verbose_name=_("standing place"))
    last_on = DayColumn()
    due_on = DayColumn(verbose_name=_("next check"), orderable=False)
    verdict = tables.Column(verbose_name=_("verdict"), orderable=False, empty_values=())

    class Meta:
        model = Item
        fields = ("label", "name", "kind", "place", "last_on", "due_on", "verdict")
        order_by = "label"

    def render_verdict(self, record: Item) -> Any:
        """In order, due soon, overdue or faulty."""
        if record.retired_on:
            return badge(_("given up"), "grey")
        return badge(*WORDS[judge_item("", record.last_on, record.fine, record.every_days, local_today()).verdict])


class VisitTable(tables.Table):
    """The access register."""

    who = tables.Column(linkify=True)
    company = tables.Column()
    why = tables.Column()
    escort = tables.Column()
    planned_on = DayColumn()
    came_at = InstantColumn()
    left_at = InstantColumn()
    state = tables.Column(verbose_name=_("state"), orderable=False)
    by = tables.Column(accessor="by", orderable=False)

    class Meta:
        model = Visit
        fields = ("who", "company", "why", "escort", "planned_on", "came_at", "left_at", "state", "by")
        order_by = "-planned_on"

    def render_state(self, value: str) -> Any:
        """Expected, in the room, gone."""
        return badge(*STATES[value])
