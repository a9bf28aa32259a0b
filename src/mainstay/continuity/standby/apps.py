"""Mutual standby: registered with the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Two servers that stand in for each other (双机互备)."""

    name = "mainstay.continuity.standby"
    label = "standby"
    verbose_name = _("Mutual standby")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu."""
        from mainstay.continuity.site import registry
        from mainstay.continuity.standby import actions, providers, queries, tasks  # noqa: F401
        from mainstay.core.home import menu

        menu.register(
            menu.MenuItem(
                "continuity_standby", _("Mutual standby"), "standby:state", queries.VIEW, "continuity", "copy", 10
            )
        )
        registry.register(registry.Probe("standby.pair", "D6", _("State of the pair"), providers.look))
        registry.register(
            registry.Probe(
                providers.REHEARSALS, "D6", _("Rehearsals of the switch"), providers.look_at_rehearsals,
                every_s=registry.HOUR,
            )
        )  # fmt: skip
        registry.register_page("D6", _("Mutual standby"), "standby:state", queries.VIEW)
