"""Backups and restore drills: registered with the menu, the workbench and the queue."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """A copy counts when it was restored (备份与恢复演练)."""

    name = "mainstay.continuity.backup"
    label = "backup"
    verbose_name = _("Backup")

    def ready(self) -> None:
        """Complete the catalogue of actions and jobs, fill the menu."""
        from mainstay.continuity.backup import actions, batch, providers, queries, tasks  # noqa: F401
        from mainstay.continuity.site import registry
        from mainstay.core.home import menu
        from mainstay.core.home.cards import Card, register

        menu.register(
            menu.MenuItem(
                "continuity_backup", _("Backup and restore"), "backup:state", queries.VIEW, "continuity", "database", 20
            )
        )
        register(Card("backup", _("Backups and drills"), queries.VIEW, queries.card, "backup:state", order=90))
        registry.register(registry.Probe("backup.copies", "D7", _("Copies and drills"), providers.look))
        registry.register(registry.Probe("backup.journal", "D7", _("Journal off-site"), providers.look_at_journals))
        registry.register_page("D7", _("Backup and restore"), "backup:state", queries.VIEW)
