"""What this app adds to the menu and to the workbench."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.home.cards import Card, Figure
from mainstay.core.home.cards import register as register_card
from mainstay.core.home.menu import MenuItem, register
from mainstay.inspection.campaigns import queries
from mainstay.inspection.campaigns.models import Assignment
from mainstay.kit.dates import local_today

PRE = "inspection.campaigns."
_ITEMS = (
    ("campaigns", _("Campaigns"), "campaigns:campaign_list", "clipboard-list", 10),
    ("records", _("Inspection records"), "campaigns:record_list", "clipboard-check", 20),
    ("targets", _("Inspection targets"), "campaigns:target_list", "map-pin", 70),
)


def register_all() -> None:
    """Register entries and cards."""
    for key, title, url_name, icon, order in _ITEMS:
        register(MenuItem(key, title, url_name, queries.VIEW, "inspection", icon, order))
    register_card(Card("campaigns.due", _("Targets to inspect by today"), queries.RECORD, _due, "phone:app", order=45))
    register_card(
        Card("campaigns.confirm", _("Records to confirm"), PRE + "confirm_inspection", _to_confirm,
             "campaigns:record_list", "amber", 46, "?state=submitted&mine=true")
    )  # fmt: skip
    register_card(
        Card("campaigns.behind", _("Campaigns behind their plan"), PRE + "review_campaign", _behind,
             "campaigns:campaign_list", "red", 47, "?behind=true")
    )  # fmt: skip


def _due(user: Any) -> Figure:
    """What the person's groups have to inspect by today; red when the day of some is over."""
    today = local_today()
    rows = Assignment.objects.of_inspector(user).to_do()
    count, late = (rows.filter(**{lookup: today}).count() for lookup in ("due_on__lte", "due_on__lt"))
    note = _("%(count)s over their day") % {"count": late} if late else ""
    return Figure(count, "red" if late else "blue" if count else "", note)


def _to_confirm(user: Any) -> int:
    return queries.to_confirm(user, queries.records_visible_to(user)).count()


def _behind(user: Any) -> Figure:
    rows = queries.campaigns_visible_to(user).filter(round_on=None)
    count = queries.behind(rows, local_today()).count()
    return Figure(count, "red" if count else "", _("targets whose day is over are not inspected") if count else "")
