from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Config(AppConfig):
    name = "mainstay.core.jobs"
    label = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        """Make the actions known and the queue visible."""
        from mainstay.core.home import cards, menu
        from mainstay.core.home.counting import Count
        from mainstay.core.jobs import actions

        menu.register(
            menu.MenuItem("jobs", _("Background jobs"), "jobs:job_list", actions.VIEW_JOB, "system", "list-check", 50)
        )
        failed = (_("Failed jobs"), "core.jobs.retry_job", Count(_failed), "jobs:job_list", "red", 25, "?state=failed")
        cards.register(cards.Card("jobs.failed", *failed, note=_("read why, then try again")))


def _failed(_user: object) -> Any:
    from mainstay.core.jobs.models import Job

    return Job.objects.filter(state=Job.State.FAILED)
