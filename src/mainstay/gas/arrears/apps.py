from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.gas.arrears"
    label = "arrears"
    verbose_name = _("Arrears")

    def ready(self) -> None:
        """Bring actions, the menu and the tab of the account page."""
        from mainstay.core.home.menu import MenuItem, register
        from mainstay.gas.arrears import actions, providers  # noqa: F401

        register(MenuItem("arrears.desk", _("Arrears desk"), "arrears:desk", actions.VIEW, "billing", "phone", 60))
        register(MenuItem("arrears.runs", _("Dunning"), "arrears:run_list", actions.VIEW, "billing", "bell", 70))
