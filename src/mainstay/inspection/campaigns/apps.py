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
        from mainstay.core.home import menu
        from mainstay.core.sheets import registry as sheets
        from mainstay.inspection.campaigns import actions, queries, sheet  # noqa: F401

        sheets.register(sheet.KIND)
        view = queries.VIEW
        for key, title, url, icon, order in (
            ("campaigns", _("Campaigns"), "campaigns:campaign_list", "clipboard-list", 10),
            ("records", _("Inspection records"), "campaigns:record_list", "clipboard-check", 20),
            ("targets", _("Inspection targets"), "campaigns:target_list", "map-pin", 70),
        ):
            menu.register(menu.MenuItem(key, title, url, view, "inspection", icon, order))
