"""Bulletins: registered with the menu and the pages of campaigns."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """Papers that follow from inspections."""

    name = "mainstay.inspection.bulletins"
    label = "bulletins"
    verbose_name = _("Bulletins")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu, add papers to the pages of campaigns."""
        from mainstay.core.documents.papers import register_kinds
        from mainstay.inspection.bulletins import actions, menu  # noqa: F401
        from mainstay.inspection.campaigns import hooks

        register_kinds({"inspection_bulletin": _("Inspection bulletin")})
        hooks.register_sections(_campaign_sections)
        menu.register_all()


def _campaign_sections(subject: Any, user: Any) -> Any:
    """Papers on the page of a campaign; its views are loaded when somebody looks."""
    from mainstay.inspection.bulletins.views import campaign_sections

    return campaign_sections(subject, user)
