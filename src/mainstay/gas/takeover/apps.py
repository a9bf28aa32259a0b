"""Taking over from an old system: registered with menu and sheets."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Customers, meters, balances and counters of an old system."""

    name = "mainstay.gas.takeover"
    label = "takeover"
    verbose_name = _("Take-over")

    def ready(self) -> None:
        """Complete the catalogue of actions; make the sheets known; fill the menu."""
        from mainstay.core.documents.papers import register_kinds
        from mainstay.core.home.menu import MenuItem, register
        from mainstay.core.sheets.registry import register as register_kind
        from mainstay.gas.takeover import actions, hooks, queries, tasks  # noqa: F401

        register_kinds({"takeover_protocol": _("Protocol of taking over")})
        for kind in hooks.KINDS:
            register_kind(kind)
        title = _("Take-over from an old system")
        register(MenuItem("takeover", title, "takeover:takeover_list", queries.VIEW, "customers", "file-import", 90))
