from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.gas.readings"
    label = "readings"
    verbose_name = _("Readings")

    def ready(self) -> None:
        """Bring actions and rights into the catalogue; register the sheet of readings."""
        from mainstay.core.sheets.registry import register
        from mainstay.gas.readings import actions  # noqa: F401
        from mainstay.gas.readings.sheet import KIND

        register(KIND)
