"""The outbox: registered with the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Text messages that leave the isolated network (外发短信)."""

    name = "mainstay.core.outbox"
    label = "outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu, take sheets of answers."""
        from mainstay.core.home.menu import MenuItem, register
        from mainstay.core.outbox import actions, batch, queries, sheet, tasks  # noqa: F401
        from mainstay.core.sheets.registry import register as register_sheet

        title = _("Text messages to colleagues")
        register(MenuItem("outbox", title, "outbox:message_list", queries.VIEW, "work", "message", 90))
        register_sheet(sheet.KIND)
