"""Approvals: registered with the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """What waits for a second person."""

    name = "mainstay.core.workflow"
    label = "workflow"
    verbose_name = _("Approvals")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu."""
        from mainstay.core.home.cards import Card
        from mainstay.core.home.cards import register as register_card
        from mainstay.core.home.counting import Count
        from mainstay.core.home.menu import MenuItem, register
        from mainstay.core.workflow import actions, queries  # noqa: F401

        register(MenuItem("approvals", _("Approvals"), "workflow:approval_list", None, "work", "rubber-stamp", 30))
        title = _("Waiting for your approval")
        register_card(
            Card("approvals", title, None, Count(queries.waiting_for_decision), "workflow:approval_list", "amber", 5)
        )
