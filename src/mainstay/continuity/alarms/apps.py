"""Alarms to those on duty: registered with the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Who is told of alarms by text message (告警通知)."""

    name = "mainstay.continuity.alarms"
    label = "alarms"
    verbose_name = _("Alarms to those on duty")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu."""
        from mainstay.continuity.alarms import actions, batch, queries, tasks  # noqa: F401
        from mainstay.core.home import menu

        title = _("Alarms to those on duty")
        menu.register(
            menu.MenuItem("continuity_alarms", title, "alarms:duty_list", queries.VIEW, "continuity", "bell", 7)
        )
