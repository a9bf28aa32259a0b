"""What this app adds to the menu and to the workbench."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mainstay.core.home.cards import Card
from mainstay.core.home.cards import register as register_card
from mainstay.core.home.counting import Count
from mainstay.core.home.menu import MenuItem, register
from mainstay.gas.accounts import queries


def register_all() -> None:
    """Register entries and cards."""
    register(
        MenuItem(
            "accounts.cases", _("Account cases"), "accounts:case_list", queries.VIEW, "customers", "clipboard-list", 12
        )
    )
    relief, contract = queries.VIEW_RELIEF, queries.VIEW_CONTRACT
    title = _("Low income and large households")
    register(MenuItem("accounts.reliefs", title, "accounts:relief_list", relief, "customers", "certificate", 14))
    title = _("Supply contracts")
    register(MenuItem("accounts.contracts", title, "accounts:contract_list", contract, "customers", "signature", 16))
    title = _("Master and sub meters")
    register(MenuItem("accounts.masters", title, "accounts:difference_list", queries.VIEW, "meters", "git-branch", 40))
    register_card(
        Card(
            "accounts.reliefs", _("Approvals that end within 30 days"), "gas.accounts.grant_relief",
            Count(queries.reliefs_ending), "accounts:relief_list", "amber", 47, "?ending=30",
            _("ask for the new certificate"),
        )
    )  # fmt: skip
    register_card(
        Card(
            "accounts.contracts", _("Contracts that end within 60 days"), "gas.accounts.sign_contract",
            Count(queries.contracts_ending), "accounts:contract_list", "amber", 48, "?ending=60",
            _("renew, or let them end"),
        )
    )  # fmt: skip
    register_card(
        Card(
            "accounts.cases", _("Account cases under way"), "gas.accounts.begin_leaving", Count(queries.waiting),
            "accounts:case_list", "amber", 45, "?state=begun", _("settle the money, then finish"),
        )
    )  # fmt: skip
