"""What this app adds to the menu and to the workbench."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mainstay.core.home.cards import Card
from mainstay.core.home.cards import register as register_card
from mainstay.core.home.menu import MenuItem, register
from mainstay.gas.accounts import queries


def register_all() -> None:
    """Register entries and cards."""
    register(
        MenuItem("accounts.cases", _("Account cases"), "accounts:case_list", queries.VIEW, "customers", "clipboard", 12)
    )
    register_card(
        Card(
            "accounts.cases", _("Account cases under way"), "gas.accounts.begin_leaving", queries.waiting,
            "accounts:case_list", "amber", 45, "?state=begun", _("settle the money, then finish"),
        )
    )  # fmt: skip
