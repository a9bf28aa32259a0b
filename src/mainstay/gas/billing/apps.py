from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.gas.billing"
    label = "billing"
    verbose_name = _("Billing")

    def ready(self) -> None:
        """Make actions, jobs, pages and answers known."""
        from mainstay.core.home import cards, menu
        from mainstay.core.home.counting import Count
        from mainstay.gas.billing import actions, providers, queries, queries_billed, tasks  # noqa: F401

        menu.register(
            menu.MenuItem("runs", _("Billing runs"), "billing:run_list", actions.VIEW_RUN, "billing", "list-check", 10)
        )
        menu.register(
            menu.MenuItem("bills", _("Bills"), "billing:bill_list", actions.VIEW_BILL, "billing", "file-invoice", 20)
        )
        menu.register(
            menu.MenuItem(
                "rebillings", _("Rebillings"), "billing:rebilling_list", actions.VIEW_RUN, "billing", "refresh", 30
            )
        )
        start = (
            _("Runs to start"),
            "gas.billing.start_run",
            Count(queries.runs_to_start),
            "billing:run_list",
            "blue",
            20,
        )
        cards.register(cards.Card("runs.start", *start, "?state=planned", _("planned; rehearse, then run")))
        release = (_("Runs to release"), "gas.billing.release_run", Count(queries.runs_to_release), "billing:run_list")
        cards.register(
            cards.Card("runs.release", *release, "amber", 22, "?state=computed", _("customers do not see them yet"))
        )
