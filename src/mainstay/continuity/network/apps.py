"""Networks and terminals: registered with the menu, the board, the sheets."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Separation, firewall, terminals (网络隔离、防火墙、终端)."""

    name = "mainstay.continuity.network"
    label = "network"
    verbose_name = _("Networks and terminals")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu, put probes on the board."""
        from mainstay.continuity.network import actions, batch, looking, queries, sheet  # noqa: F401
        from mainstay.continuity.site import registry
        from mainstay.continuity.site.registry import Probe
        from mainstay.core.home import menu
        from mainstay.core.sheets.registry import register

        register(sheet.KIND)
        register(sheet.SIGHTING_KIND)
        title = _("Register of terminals")
        menu.register(
            menu.MenuItem("continuity_terminals", title, "network:terminal_list", queries.VIEW, "continuity", "id", 25)
        )
        registry.register_page("D3", title, "network:terminal_list", queries.VIEW)
        for probe in (
            Probe("network.isolation", "D1", _("Roads out, cards, radio"), look_at=looking.isolation),
            Probe("network.matrix", "D1", _("Doors that answer"), look_at=looking.matrix),
            Probe("network.one_way", "D1", _("Packets that come in one way"), look_at=looking.one_way),
            Probe("network.firewall", "D2", _("Rules that run"), look_at=looking.firewall),
            Probe(queries.NEIGHBOURS, "D3", _("Devices the hosts hear"), look_at=looking.neighbours),
            Probe(queries.TERMINALS, "D3", _("Devices against the register"), queries.compare),
        ):
            registry.register(probe)
