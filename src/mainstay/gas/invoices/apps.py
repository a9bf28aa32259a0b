from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.gas.invoices"
    label = "invoices"
    verbose_name = _("Invoices")

    def ready(self) -> None:
        """Bring actions, rights, the menu, the sheet of results and the tab of an account."""
        from mainstay.core.home.menu import MenuItem, register
        from mainstay.core.sheets.registry import register as register_sheet
        from mainstay.gas.invoices import actions, providers, queries, sheet  # noqa: F401

        register_sheet(sheet.KIND)
        register(
            MenuItem("invoices.invoices", _("Invoices"), "invoices:invoice_list", queries.VIEW, "counter", order=60)
        )
