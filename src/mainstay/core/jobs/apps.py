from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.core.jobs"
    label = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        """Make the actions known and the queue visible."""
        from mainstay.core.home import menu
        from mainstay.core.jobs import actions

        menu.register(
            menu.MenuItem("jobs", _("Background jobs"), "jobs:job_list", actions.VIEW_JOB, "system", "list-check", 50)
        )
