"""Hazards: registered with the menu and with the records that make them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """What has to be put right."""

    name = "mainstay.inspection.hazards"
    label = "hazards"
    verbose_name = _("Hazards")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu, take part in records and packets."""
        from mainstay.core.documents.papers import register_kinds
        from mainstay.inspection.campaigns import hooks
        from mainstay.inspection.hazards import actions, menu, providers, queries, tasks  # noqa: F401

        register_kinds({"rectification_notice": _("Rectification notice")})
        hooks.register_after(actions.receive_record)
        hooks.register_of_targets("hazards", queries.hazards_of_targets)
        menu.register_all()
