"""Tables of checklists."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.inspection.checklists.models import Checklist, ChecklistItem, ChecklistVersion
from mainstay.inspection.checklists.states import VERSION
from mainstay.web.pages import BadgeColumn, CodeColumn, CountColumn, InstantColumn

SEVERITY_HUES = {"none": "grey", "general": "amber", "major": "red"}


class ChecklistTable(tables.Table):
    """Checklists with their newest version."""

    code = CodeColumn(linkify=True)
    name = tables.Column(accessor="name", verbose_name=pgettext_lazy("thing", "Name"), orderable=False)

    class Meta:
        model = Checklist
        fields = ("code", "name")


class VersionTable(tables.Table):
    """Versions of one checklist."""

    number = CountColumn(linkify=True, orderable=False)
    state = BadgeColumn(hues=VERSION.hues, orderable=False)
    scoring = tables.Column(orderable=False)
    item_count = CountColumn(verbose_name=_("Items"), orderable=False)
    published_at = InstantColumn(orderable=False)
    note = tables.Column(orderable=False)

    class Meta:
        model = ChecklistVersion
        fields = ("number", "state", "scoring", "item_count", "published_at", "note")


class ItemTable(tables.Table):
    """Items of one part."""

    code = CodeColumn(orderable=False)
    words = tables.Column(accessor="words", verbose_name=_("What is looked at"), orderable=False)
    types = tables.Column(verbose_name=_("Kind"), orderable=False)
    limits = tables.Column(accessor="limits", verbose_name=_("Limit"), orderable=False, default="")
    severity = BadgeColumn(hues=SEVERITY_HUES, orderable=False)
    photo = tables.Column(verbose_name=_("Photo"), orderable=False)
    basis = tables.Column(orderable=False)

    class Meta:
        model = ChecklistItem
        fields = ("code", "words", "types", "limits", "severity", "photo", "basis")

    def __init__(self, *args: Any, editable: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.editable = editable

    def render_code(self, record: ChecklistItem, value: str) -> Any:
        """The code; in a draft it leads to the form."""
        if not self.editable:
            return value
        url = reverse("checklists:item_change", args=[record.version_id, record.pk])
        return format_html('<a href="{}">{}</a>', url, value)

    def render_types(self, value: list[str]) -> str:
        """The kinds in words."""
        return " + ".join(str(TYPE_WORDS[kind]) for kind in value)

    def render_photo(self, value: bool) -> Any:
        """A word only where one is needed."""
        return _("needed") if value else ""


TYPE_WORDS = {
    "pass_fail": _("pass or fail"),
    "number": _("numeric value"),
    "date": _("day"),
    "choice": _("choice"),
    "text": _("free text"),
    "photo": _("photo"),
    "signature": _("signature"),
}
