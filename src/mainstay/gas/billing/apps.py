from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.gas.billing"
    label = "billing"
    verbose_name = _("Billing")

    def ready(self) -> None:
        """Make actions, jobs, pages and answers known."""
        from mainstay.core.home import menu
        from mainstay.gas.billing import actions, providers, queries_billed, tasks  # noqa: F401

        menu.register(
            menu.MenuItem("runs", _("Billing runs"), "billing:run_list", actions.VIEW_RUN, "billing", "list-check", 10)
        )
        menu.register(
            menu.MenuItem("bills", _("Bills"), "billing:bill_list", actions.VIEW_BILL, "billing", "file-invoice", 20)
        )
