"""What this app adds to the menu and to the workbench."""

from django.utils.translation import gettext_lazy as _

from mainstay.core.home.cards import Card
from mainstay.core.home.cards import register as register_card
from mainstay.core.home.counting import Count, in_all
from mainstay.core.home.menu import MenuItem, Section, register, register_section
from mainstay.performance.plans import queries
from mainstay.performance.plans.queries_budget import VIEW_BUDGET, VIEW_CHARTER

SECTION = "performance"
_ITEMS = (
    ("contract_list", _("Performance contracts"), None, 20),
    ("tree", _("Tree of targets"), queries.VIEW, 30),
    ("budget_list", _("Budgets"), VIEW_BUDGET, 40),
    ("charter_list", _("Operating charters"), VIEW_CHARTER, 45),
    ("indicator_list", _("Indicators"), "performance.plans.save_indicator", 100),
    ("period_list", _("Periods"), "performance.plans.begin_closing", 110),
)


def register_all() -> None:
    """Register the section 4R, its entries and cards."""
    register_section(Section(SECTION, _("4R management"), "chart-bar", 100))
    for name, title, right, order in _ITEMS:
        register(MenuItem(f"plans.{name}", title, f"plans:{name}", right, SECTION, order=order))
    register_card(
        Card(
            "plans.sign",
            _("Contracts to sign"),
            None,
            Count(queries.contracts_to_sign, in_all),
            "plans:contract_list",
            "amber",
            35,
        )
    )
