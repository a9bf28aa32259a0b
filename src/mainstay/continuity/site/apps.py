"""The site: its declaration, and what is seen of it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Declared → observed → verdict."""

    name = "mainstay.continuity.site"
    label = "site"
    verbose_name = _("Site")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill menu and workbench, join the metrics."""
        from mainstay.continuity.site import actions, batch, providers, queries, registry, tasks  # noqa: F401
        from mainstay.core.home import cards, menu
        from mainstay.core.home.counting import Count

        menu.register_section(menu.Section("continuity", _("Operational safety"), "server", 95))
        place = ("continuity", "list-details", 90)
        menu.register(menu.MenuItem("continuity_site", _("Site declaration"), "site:declaration", queries.VIEW, *place))
        board = _("Board of operational safety")
        menu.register(
            menu.MenuItem("continuity_board", board, "site:board", queries.BOARD, "continuity", "layout-dashboard", 1)
        )
        red = (
            _("Red on the board of operational safety"),
            queries.HANDLE,
            Count(queries.red_now),
            "site:board",
            "red",
            8,
        )
        cards.register(cards.Card("continuity.red", *red, note=_("mend it, or accept it for a time")))
        watchers = _("Watchers on the hosts")
        registry.register(registry.Probe("site.watchers", "D1", watchers, batch.silent_hosts))
        providers.register()
