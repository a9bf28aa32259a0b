"""The site: its declaration, and what follows from it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Declared → observed → verdict."""

    name = "mainstay.continuity.site"
    label = "site"
    verbose_name = _("Site")

    def ready(self) -> None:
        """Fill the menu."""
        from mainstay.continuity.site import queries
        from mainstay.core.home import menu

        menu.register_section(menu.Section("continuity", _("Operational safety"), "server", 95))
        menu.register(
            menu.MenuItem(
                "continuity_site",
                _("Site declaration"),
                "site:declaration",
                queries.VIEW,
                "continuity",
                "list-details",
                90,
            )
        )
