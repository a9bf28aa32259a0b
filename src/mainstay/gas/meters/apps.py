"""Meters: registered with menu, workbench and search."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Meters and where they hang."""

    name = "mainstay.gas.meters"
    label = "meters"
    verbose_name = _("Meters")

    def ready(self) -> None:
        """Complete the catalogue of actions; fill menu, workbench and search."""
        from mainstay.core.documents.papers import register_kinds
        from mainstay.core.home import cards, menu, search
        from mainstay.core.home.counting import Count
        from mainstay.gas.customers.opening import OpeningStep, register_step
        from mainstay.gas.meters import actions, forms_opening, providers, queries, queries_numbers  # noqa: F401

        register_kinds({"meter_change": _("Meter paper")})
        register_step(OpeningStep("meter", _("Meter"), forms_opening.opening_form, forms_opening.hang, 200))
        view = queries.VIEW
        menu.register(menu.MenuItem("meters", _("Meters"), "meters:meter_list", view, "meters", "meter-cube", 10))
        menu.register(
            menu.MenuItem("meters_due", _("Verification due"), "meters:due_list", view, "meters", "certificate", 20)
        )
        due = (
            _("Verification due"),
            "gas.meters.exchange_meter",
            Count(queries.due_rows, queries.due_told),
            "meters:due_list",
            "amber",
            60,
        )
        cards.register(cards.Card("meters_due", *due))
        search.register(search.SearchKind("meters", _("Meters"), view, queries.find_meters, 40))
