"""What this app adds to the menu and to the workbench."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.home.cards import Card, Figure
from mainstay.core.home.cards import register as register_card
from mainstay.core.home.counting import Count, Rows
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
    register_card(
        Card(
            "campaigns.due",
            _("Targets to inspect by today"),
            queries.RECORD,
            Count(_due, _told_due),
            "phone:app",
            order=45,
        )
    )
    register_card(
        Card("campaigns.confirm", _("Records to confirm"), PRE + "confirm_inspection", Count(_to_confirm),
             "campaigns:record_list", "amber", 46, "?state=submitted&mine=true")
    )  # fmt: skip
    register_card(
        Card("campaigns.behind", _("Campaigns behind their plan"), PRE + "review_campaign",
             Count(_behind, _told_behind), "campaigns:campaign_list", "red", 47, "?behind=true")
    )  # fmt: skip


def _due(user: Any) -> Rows:
    """What the person's groups have to inspect by today, and before."""
    today = local_today()
    rows = Assignment.objects.of_inspector(user).to_do()
    return rows.filter(due_on__lte=today), rows.filter(due_on__lt=today)


def _told_due(_user: Any, count: int, late: int) -> Figure:
    """Red when the day of some is over."""
    note = _("%(count)s over their day") % {"count": late} if late else ""
    return Figure(count, "red" if late else "blue" if count else "", note)


def _to_confirm(user: Any) -> Rows:
    return queries.to_confirm(user, queries.records_visible_to(user))


def _behind(user: Any) -> Rows:
    return queries.behind(queries.campaigns_visible_to(user).filter(round_on=None), local_today())


def _told_behind(_user: Any, count: int) -> Figure:
    return Figure(count, "red" if count else "", _("targets whose day is over are not inspected") if count else "")
