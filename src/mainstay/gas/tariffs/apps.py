"""Tariffs: registered with the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Plans, their prices, and what accounts are billed by."""

    name = "mainstay.gas.tariffs"
    label = "tariffs"
    verbose_name = _("Tariffs")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu."""
        from mainstay.core.home import menu
        from mainstay.gas.customers.opening import OpeningStep, register_step
        from mainstay.gas.tariffs import actions, actions_terms, forms_opening, queries  # noqa: F401

        menu.register(
            menu.MenuItem("plans", _("Tariff plans"), "tariffs:plan_list", queries.VIEW_PLAN, "tariffs", "scale", 10)
        )
        first_terms = forms_opening.set_first_terms
        register_step(OpeningStep("terms", _("Billing terms"), forms_opening.opening_form, first_terms, 100))
