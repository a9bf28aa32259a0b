"""Incidents: registered with the menu, the workbench and the board."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """What went wrong, and what was learnt from it (安全事件)."""

    name = "mainstay.continuity.incidents"
    label = "incidents"
    verbose_name = _("Incidents")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill menu and workbench, put the probe on the board."""
        from mainstay.continuity.incidents import actions, providers, queries  # noqa: F401
        from mainstay.continuity.site import registry
        from mainstay.core.home import cards, menu
        from mainstay.core.home.counting import Count

        listed = "incidents:incident_list"
        menu.register(
            menu.MenuItem("continuity_incidents", _("Incidents"), listed, queries.VIEW, "continuity", "flag", 5)
        )
        shown = (_("Incidents being handled"), actions.END, Count(queries.open_now), listed, "red", 9, "?state=open")
        cards.register(cards.Card("continuity.incidents", *shown, note=_("handle them, or end them with their cause")))
        registry.register(
            registry.Probe(actions.PROBE, "D9", _("Incidents and their follow-ups"), queries.look_at_incidents)
        )
        registry.register_opener("incidents:incident_create", actions.OPEN)
