"""Tracking and review: registered with menu and workbench."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """R3: actuals, actions, sessions, coaching, the roll-out plan."""

    name = "mainstay.performance.tracking"
    label = "tracking"
    verbose_name = _("Tracking and review")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu."""
        from mainstay.performance.tracking import actions, menu, providers, queries  # noqa: F401

        menu.register_all()
