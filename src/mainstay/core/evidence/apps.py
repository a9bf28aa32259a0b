from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.core.evidence"
    label = "evidence"
    verbose_name = _("Files")

    def ready(self) -> None:
        """Bring the actions into the catalogue."""
        from mainstay.core.evidence import actions  # noqa: F401
