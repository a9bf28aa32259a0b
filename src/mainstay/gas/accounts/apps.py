"""The life of accounts: registered with menu and providers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Openings, transfers, suspensions, closings."""

    name = "mainstay.gas.accounts"
    label = "accounts"
    verbose_name = _("Life of accounts")

    def ready(self) -> None:
        """Complete the catalogue of actions; answer other parts; fill the menu."""
        from mainstay.core.documents.papers import register_kinds
        from mainstay.gas.accounts import actions, menu, providers, queries, queries_masters, tasks  # noqa: F401

        register_kinds(
            {
                "account_case": _("Case paper"),
                "relief_notice": _("Notice of easier terms"),
                "supply_contract": _("Supply contract"),
            }
        )
        menu.register_all()
