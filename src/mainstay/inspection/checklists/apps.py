"""Checklists: registered with the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """What is looked at during inspections."""

    name = "mainstay.inspection.checklists"
    label = "checklists"
    verbose_name = _("Checklists")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu."""
        from mainstay.core.home import menu
        from mainstay.inspection.checklists import actions, queries  # noqa: F401

        menu.register_section(menu.Section("inspection", _("Inspections"), "shield-check", 85))
        view = queries.VIEW
        menu.register(
            menu.MenuItem(
                "checklists", _("Checklists"), "checklists:checklist_list", view, "inspection", "list-check", 90
            )
        )
