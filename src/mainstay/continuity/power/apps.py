"""Power: registered with the menu and the board."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Supplies that carry the machine room for eight hours (应急供电)."""

    name = "mainstay.continuity.power"
    label = "power"
    verbose_name = _("Power")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu, put probes on the board."""
        from mainstay.continuity.power import actions, queries, tasks  # noqa: F401
        from mainstay.continuity.site import registry
        from mainstay.continuity.site.registry import HOUR, Probe
        from mainstay.core.home import menu

        title = _("Power supply")
        menu.register(menu.MenuItem("continuity_power", title, "power:state", queries.VIEW, "continuity", "flame", 40))
        registry.register_page("D8", title, "power:state", queries.VIEW)
        registry.register(Probe("power.supply", "D8", _("Supplies carry the design load"), queries.look))
        tests = _("Yearly discharge tests")
        registry.register(Probe("power.tests", "D8", tests, queries.look_at_tests, every_s=HOUR))
