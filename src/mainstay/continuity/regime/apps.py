"""Rules and rights: registered with the menu and the board."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Management rules with evidence; people and rights (管理制度、人员与权限)."""

    name = "mainstay.continuity.regime"
    label = "regime"
    verbose_name = _("Management rules")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu, put probes on the board."""
        from mainstay.continuity.regime import actions, batch, queries, tasks  # noqa: F401
        from mainstay.continuity.site import registry
        from mainstay.continuity.site.registry import HOUR, Probe
        from mainstay.core.home import menu

        rules, people = _("Management rules"), _("People and rights")
        place = (queries.VIEW, "continuity")
        menu.register(menu.MenuItem("continuity_rules", rules, "regime:rule_list", *place, "book", 60))
        menu.register(menu.MenuItem("continuity_people", people, "regime:people", *place, "users-group", 65))
        registry.register_page("D5", rules, "regime:rule_list", queries.VIEW)
        registry.register_page("D10", people, "regime:people", queries.VIEW)
        for probe in (
            Probe("regime.rules", "D5", _("Rules and their evidence"), queries.look_at_rules, every_s=HOUR),
            Probe("regime.violations", "D5", _("Violations that wait"), queries.look_at_violations, every_s=HOUR),
            Probe("regime.people", "D10", _("Leavers, reviews, log, attempts"), queries.look_at_people, every_s=HOUR),
            Probe("regime.break_glass", "D10", _("Emergency rights"), queries.look_at_break_glass),
        ):
            registry.register(probe)
