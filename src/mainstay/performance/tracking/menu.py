"""What this app adds to the menu and to the workbench."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mainstay.core.home.cards import Card
from mainstay.core.home.cards import register as register_card
from mainstay.core.home.counting import Count, in_all
from mainstay.core.home.menu import MenuItem, register
from mainstay.performance.plans.menu import SECTION
from mainstay.performance.tracking import queries

_ITEMS = (
    ("my_page", _("My 4R"), None, 10),
    ("actual_list", _("Actual values"), None, 50),
    ("action_list", pgettext_lazy("task", "Actions"), None, 60),
    ("session_list", pgettext_lazy("meeting", "Sessions"), None, 70),
    ("work_plan_list", _("Work plans"), queries.VIEW, 80),
    ("rollout_list", _("Roll-out plans"), queries.VIEW, 90),
)


def register_all() -> None:
    """Register entries and cards."""
    for name, title, right, order in _ITEMS:
        register(MenuItem(f"tracking.{name}", title, f"tracking:{name}", right, SECTION, order=order))
    register_card(
        Card(
            "tracking.actions",
            _("My open actions"),
            None,
            Count(queries.my_open_actions, in_all),
            "tracking:action_list",
            order=36,
        )
    )
    verify = (_("Values to verify"), "performance.tracking.verify_actual", Count(queries.actuals_to_verify))
    register_card(Card("tracking.verify", *verify, "tracking:actual_list", "amber", 37))
