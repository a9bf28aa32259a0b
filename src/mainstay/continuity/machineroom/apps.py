"""The machine room: registered with the menu and the board."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Fire, theft, sabotage: checked and on record (机房)."""

    name = "mainstay.continuity.machineroom"
    label = "machineroom"
    verbose_name = _("Machine room")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu, put probes on the board."""
        from mainstay.continuity.machineroom import actions, queries  # noqa: F401
        from mainstay.continuity.site import registry
        from mainstay.continuity.site.registry import HOUR, Probe
        from mainstay.core.home import menu

        items, visits = _("Items of the machine room"), _("Access register")
        place = (queries.VIEW, "continuity")
        menu.register(menu.MenuItem("continuity_items", items, "machineroom:item_list", *place, "clipboard-list", 50))
        menu.register(menu.MenuItem("continuity_visits", visits, "machineroom:visit_list", *place, "login", 55))
        registry.register_page("D9", items, "machineroom:item_list", queries.VIEW)
        for probe in (
            Probe("machineroom.items", "D9", _("Items and drills that are due"), queries.look_at_items, every_s=HOUR),
            Probe("machineroom.visits", "D9", _("Visitors in the room"), queries.look_at_visits),
            Probe("machineroom.cameras", "D9", _("Cameras that answer"), queries.look_at_cameras),
            Probe("machineroom.patrols", "D9", _("Patrols of a week"), queries.look_at_patrols, every_s=HOUR),
        ):
            registry.register(probe)
