"""Tables of imports."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from mainstay.core.sheets.models import SheetImport
from mainstay.core.sheets.registry import import_kind
from mainstay.kit.errors import Problem
from mainstay.web.pages import BadgeColumn, CountColumn, InstantColumn

HUES = {"checked": "amber", "committed": "green", "discarded": "grey"}


class ImportTable(tables.Table):
    """Sheets that came in."""

    source = tables.Column(
        _("Sheet"), accessor="source__name", orderable=False, linkify=("sheets:import_detail", [tables.A("pk")])
    )
    kind = tables.Column(_("Kind"), orderable=False)
    state = BadgeColumn(verbose_name=_("State"), hues=HUES, orderable=False)
    rows = CountColumn(verbose_name=_("Rows"), orderable=False)
    bad_rows = CountColumn(verbose_name=_("With errors"), orderable=False)
    new_rows = CountColumn(verbose_name=_("New"), orderable=False)
    by = tables.Column(_("By"), orderable=False)
    checked_at = InstantColumn(verbose_name=_("Checked at"), order_by="id")

    class Meta:
        model = SheetImport
        fields = ()
        order_by = "-checked_at"

    def render_kind(self, value: str) -> str:
        """The title of the kind."""
        try:
            return str(import_kind(value).title)
        except Problem:
            return value
