"""Appraisal: registered with menu and workbench."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """R4: ratings, appraisals, calibration, consequences."""

    name = "mainstay.performance.appraisal"
    label = "appraisal"
    verbose_name = _("Appraisal and reward")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu."""
        from mainstay.performance.appraisal import actions, menu, providers, queries, tasks  # noqa: F401

        menu.register_all()
