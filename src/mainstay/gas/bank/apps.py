from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.gas.bank"
    label = "bank"
    verbose_name = _("Bank link")

    def ready(self) -> None:
        """Bring actions, rights and the menu."""
        from mainstay.gas.bank import actions, menu, providers, queries  # noqa: F401

        menu.register_all()
