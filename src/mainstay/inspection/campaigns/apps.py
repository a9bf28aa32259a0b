"""Campaigns: registered with the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Campaigns, targets, records."""

    name = "mainstay.inspection.campaigns"
    label = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu."""
        from mainstay.core.sheets import registry as sheets
        from mainstay.inspection.campaigns import actions, menu, sheet  # noqa: F401

        sheets.register(sheet.KIND)
        menu.register_all()
