"""Plans and budgets: registered with menu, workbench and sheets."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """R1: periods, indicators, contracts, targets, charter, budgets."""

    name = "mainstay.performance.plans"
    label = "plans"
    verbose_name = _("Plans and budgets")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu."""
        from mainstay.core.sheets import registry as sheets
        from mainstay.performance.plans import actions, menu, queries, sheet  # noqa: F401

        sheets.register(sheet.KIND)
        menu.register_all()
