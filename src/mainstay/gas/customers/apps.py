"""Customers: registered with menu and search."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Customers, addresses and accounts."""

    name = "mainstay.gas.customers"
    label = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        """Complete the catalogue of actions."""
        from mainstay.gas.customers import actions, queries  # noqa: F401
