"""Responsibility: registered with menu and jobs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    """R2: job analyses, descriptions, processes, qualifications."""

    name = "mainstay.performance.posts"
    label = "posts"
    verbose_name = _("Posts and processes")

    def ready(self) -> None:
        """Complete the catalogue of actions, fill the menu."""
        from mainstay.performance.posts import actions, menu, queries, tasks  # noqa: F401

        menu.register_all()
