"""Organisation: registered with menu and search."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Units, posts, people."""

    name = "mainstay.core.organisation"
    label = "organisation"
    verbose_name = _("Organisation")

    def ready(self) -> None:
        """Complete the catalogue of rights, fill menu and search."""
        from mainstay.core.home.menu import MenuItem, register, register_fact
        from mainstay.core.home.search import SearchKind
        from mainstay.core.home.search import register as register_search
        from mainstay.core.organisation import actions, queries, search

        section = "organisation"
        register(MenuItem("units", _("Units"), "organisation:unit_tree", actions.VIEW_UNITS, section, "building", 10))
        register(MenuItem("people", _("People"), "organisation:person_list", actions.VIEW_PEOPLE, section, "users", 20))
        register_search(SearchKind("people", _("People"), actions.VIEW_PEOPLE, search.find_people, 200))
        register_fact("company_name", queries.company_name)
