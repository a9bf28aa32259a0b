"""What this app adds to the menu and to the workbench."""

from django.utils.translation import gettext_lazy as _

from mainstay.core.home.cards import Card
from mainstay.core.home.cards import register as register_card
from mainstay.core.home.menu import MenuItem, Section, register, register_section
from mainstay.performance.plans import queries

SECTION = "performance"


def register_all() -> None:
    """Register the section 4R, its entries and cards."""
    register_section(Section(SECTION, _("4R management"), "chart-bar", 100))
    register(MenuItem("plans.contracts", _("Performance contracts"), "plans:contract_list", None, SECTION, order=20))
    register_card(
        Card("plans.sign", _("Contracts to sign"), None, queries.contracts_to_sign, "plans:contract_list", "amber", 35)
    )
