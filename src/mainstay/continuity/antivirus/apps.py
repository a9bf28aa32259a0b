"""Antivirus: registered with the menu, the board, the sheets."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """One centre per network, carried updates (病毒防范)."""

    name = "mainstay.continuity.antivirus"
    label = "antivirus"
    verbose_name = _("Antivirus")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu, put probes on the board."""
        from mainstay.continuity.antivirus import actions, queries, sheet  # noqa: F401
        from mainstay.continuity.site import registry
        from mainstay.continuity.site.registry import HOUR, Probe
        from mainstay.core.home import menu
        from mainstay.core.sheets.registry import register

        register(sheet.KIND)
        title = _("Antivirus centre")
        menu.register(
            menu.MenuItem(
                "continuity_antivirus", title, "antivirus:centre", queries.VIEW, "continuity", "shield-check", 30
            )
        )
        registry.register_page("D4", title, "antivirus:centre", queries.VIEW)
        for probe in (
            Probe("antivirus.clients", "D4", _("Signatures of the clients"), queries.clients),
            Probe("antivirus.uploads", "D4", _("Scanner of uploads"), queries.uploads, every_s=HOUR),
            Probe("antivirus.signatures", "D4", _("Signatures of the hosts"), look_at=queries.signatures),
        ):
            registry.register(probe)
