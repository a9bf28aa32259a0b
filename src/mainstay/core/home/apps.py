"""Home: registered with the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """The workbench and the search."""

    name = "mainstay.core.home"
    label = "home"
    verbose_name = _("Home")

    def ready(self) -> None:
        """Fill the menu."""
        from mainstay.core.home.menu import MenuItem, register

        register(MenuItem("workbench", _("My work"), "home:workbench", None, "work", "home", 10))
