"""Hazards: registered with the menu and with the records that make them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """What has to be put right."""

    name = "mainstay.inspection.hazards"
    label = "hazards"
    verbose_name = _("Hazards")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu, take part in records and packets."""
        from mainstay.core.home import menu
        from mainstay.inspection.campaigns import hooks
        from mainstay.inspection.hazards import actions, providers, queries, tasks  # noqa: F401

        hooks.register_after(actions.receive_record)
        hooks.register_of_targets("hazards", queries.hazards_of_targets)
        report = "inspection.hazards.report_rectification"
        mine = menu.MenuItem("my_hazards", _("To put right"), "hazards:mine", report, "inspection", "tool", 50)
        menu.register(mine)
        for key, title, url, icon, order in (
            ("hazards", _("Hazards"), "hazards:hazard_list", "alert-triangle", 30),
            ("notices", _("Rectification notices"), "hazards:notice_list", "file-certificate", 40),
        ):
            menu.register(menu.MenuItem(key, title, url, queries.VIEW, "inspection", icon, order))
