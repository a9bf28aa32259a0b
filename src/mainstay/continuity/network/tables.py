"""Tables of terminals."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from mainstay.continuity.network.models import Terminal
from mainstay.web.pages import CodeColumn, DayColumn, InstantColumn


class TerminalTable(tables.Table):
    """The register, and when each device was last on the network."""

    name = tables.Column(linkify=True, verbose_name=_("terminal"))
    kind = tables.Column(accessor="get_kind_display", verbose_name=_("kind"), orderable=False)
    place = tables.Column(verbose_name=_("standing place"))
    user = tables.Column(verbose_name=_("user"))
    zone = tables.Column(verbose_name=_("zone"))
    address = CodeColumn(verbose_name=_("address"), orderable=False)
    mac = CodeColumn(verbose_name=_("hardware address"), orderable=False)
    port = tables.Column(verbose_name=_("switch port"), orderable=False)
    seen_at = InstantColumn(verbose_name=_("last seen"), orderable=False, accessor="seen__at")
    retired_on = DayColumn(verbose_name=_("given up on"), orderable=False)

    class Meta:
        model = Terminal
        fields = ("name", "kind", "place", "user", "zone", "address", "mac", "port", "seen_at", "retired_on")
        order_by = "name"

    def render_port(self, value: Any) -> Any:
        """The port, a dash where it is free."""
        return value or "–"
