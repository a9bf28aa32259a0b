"""Publications: registered with the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Texts that people must read."""

    name = "mainstay.core.publications"
    label = "publications"
    verbose_name = _("Publications")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu."""
        from mainstay.core.home.menu import MenuItem, register
        from mainstay.core.publications import actions  # noqa: F401

        register(MenuItem("publications", _("Publications"), "publications:publication_list", None, "work", "book", 40))
