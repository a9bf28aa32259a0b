"""The inspector's phone: registered with the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """An application without tables: its data comes as packets and leaves as records."""

    name = "mainstay.inspection.phone"
    label = "phone"
    verbose_name = _("Inspection by phone")

    def ready(self) -> None:
        """Fill the menu."""
        from mainstay.core.home import menu
        from mainstay.inspection.campaigns.queries import RECORD

        item = menu.MenuItem("phone", _("Inspect by phone"), "phone:app", RECORD, "inspection", "device-mobile", 5)
        menu.register(item)
