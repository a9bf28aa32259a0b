"""Customers: registered with menu and search."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Config(AppConfig):
    """Customers, addresses and accounts."""

    name = "mainstay.gas.customers"
    label = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        """Complete the catalogue of actions; fill menu and search."""
        from mainstay.core.home.menu import MenuItem, register
        from mainstay.core.home.search import SearchKind
        from mainstay.core.home.search import register as register_search
        from mainstay.gas.customers import actions, queries, search  # noqa: F401

        view, areas = queries.VIEW_ACCOUNT, queries.VIEW_AREA
        register(
            MenuItem(
                "accounts",
                pgettext_lazy("account", "Accounts"),
                "customers:account_list",
                view,
                "customers",
                "users",
                10,
            )
        )
        register(MenuItem("areas", _("Areas"), "customers:area_list", areas, "customers", "building-community", 20))
        register_search(SearchKind("accounts", pgettext_lazy("account", "Accounts"), view, search.find_accounts, 10))
