"""What this app adds to the menu and to the workbench."""

from django.utils.translation import gettext_lazy as _

from mainstay.core.home.cards import Card
from mainstay.core.home.cards import register as register_card
from mainstay.core.home.counting import Count
from mainstay.core.home.menu import MenuItem, register
from mainstay.performance.appraisal import queries

SECTION = "performance"


def register_all() -> None:
    """Register the entries of 4R management and a card."""
    register(MenuItem("appraisal.rounds", _("Appraisal"), "appraisal:round_list", queries.VIEW, SECTION, order=60))
    register(MenuItem("appraisal.tasks", _("Ratings to give"), "appraisal:task_list", None, SECTION, order=62))
    register(MenuItem("appraisal.mine", _("My appraisals"), "appraisal:mine", None, SECTION, order=64))
    register_card(
        Card(
            "appraisal.tasks", _("Ratings to give"), None, Count(queries.tasks_open), "appraisal:task_list", "amber", 45
        )
    )
