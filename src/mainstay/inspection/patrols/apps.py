"""Patrols: registered with the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Rounds that come again."""

    name = "mainstay.inspection.patrols"
    label = "patrols"
    verbose_name = _("Patrols")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu."""
        from mainstay.inspection.patrols import actions, menu, tasks  # noqa: F401

        menu.register_all()
