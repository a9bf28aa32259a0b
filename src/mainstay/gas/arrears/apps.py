from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.gas.arrears"
    label = "arrears"
    verbose_name = _("Arrears")

    def ready(self) -> None:
        """Bring actions, the menu and the tab of the account page."""
        from mainstay.core.documents.papers import register_kinds
        from mainstay.core.home.menu import MenuItem, register
        from mainstay.core.sheets.registry import register as register_sheet
        from mainstay.gas.arrears import actions, actions_messages, actions_steps, providers, sheet, tasks  # noqa: F401

        register_kinds({"promise": _("Agreement to pay")})
        register(MenuItem("arrears.desk", _("Arrears desk"), "arrears:desk", actions.VIEW, "billing", "phone", 60))
        register(MenuItem("arrears.runs", _("Dunning"), "arrears:run_list", actions.VIEW, "billing", "bell", 70))
        register(MenuItem("arrears.stops", _("Stop orders"), "arrears:stop_list", actions.VIEW, "billing", "ban", 80))
        register_sheet(sheet.KIND)
