"""What this app adds to the menu and to the workbench."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.home.cards import Card
from mainstay.core.home.cards import register as register_card
from mainstay.core.home.counting import Count, Rows
from mainstay.core.home.menu import MenuItem, register
from mainstay.inspection.patrols import queries
from mainstay.kit.dates import local_today

SAVE = "inspection.patrols.save_patrol"


def register_all() -> None:
    """Register the entry and the card."""
    register(MenuItem("patrols", _("Patrols"), "patrols:patrol_list", queries.VIEW, "inspection", "refresh", 25))
    note = _("in the last thirty days")
    register_card(
        Card(
            "patrols.missed",
            _("Points missed on patrol"),
            SAVE,
            Count(_missed),
            "patrols:patrol_list",
            "red",
            48,
            note=note,
        )
    )


def _missed(user: Any) -> Rows:
    return queries.missed_points(queries.patrols_visible_to(user), local_today())
