"""Audit: registered with the menu and the foot of detail pages."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """The audit log and its seals."""

    name = "mainstay.core.audit"
    label = "audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        """Complete the catalogue of rights, fill the menu, serve the operation log."""
        from mainstay.core.audit import log, queries, tasks  # noqa: F401
        from mainstay.core.home.cards import Card
        from mainstay.core.home.cards import register as register_card
        from mainstay.core.home.counting import Count
        from mainstay.core.home.menu import MenuItem, register
        from mainstay.web.pages import register_log_provider

        register(MenuItem("audit", _("Audit log"), "audit:entry_list", queries.VIEW_LOG, "system", "history", 60))
        register(MenuItem("seals", _("Audit seals"), "audit:seal_list", queries.VIEW_LOG, "system", "shield-check", 70))
        register_log_provider(log.lines_of)
        refused, unsealed = _("Refused attempts today"), _("Audit rows not sealed")
        register_card(
            Card(
                "refused",
                refused,
                queries.VIEW_LOG,
                Count(queries.refused_today),
                "audit:entry_list",
                "red",
                10,
                queries.refused_today_query,
            )
        )
        register_card(
            Card("unsealed", unsealed, queries.VIEW_LOG, Count(queries.unsealed), "audit:seal_list", "amber", 20)
        )
