from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.core.sheets"
    label = "sheets"
    verbose_name = _("Sheets")

    def ready(self) -> None:
        """Bring the actions into the catalogue."""
        from mainstay.core.sheets import actions  # noqa: F401
