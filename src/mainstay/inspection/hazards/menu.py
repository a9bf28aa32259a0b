"""What this app adds to the menu and to the workbench."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.home.cards import Card, Figure
from mainstay.core.home.cards import register as register_card
from mainstay.core.home.counting import Count, Rows
from mainstay.core.home.menu import MenuItem, register
from mainstay.inspection.hazards import queries
from mainstay.inspection.hazards.models import WITH_UNIT, Hazard, Notice
from mainstay.kit.dates import local_today

PRE = "inspection.hazards."
REPORT = PRE + "report_rectification"
_ITEMS = (
    ("hazards", _("Hazards"), "hazards:hazard_list", queries.VIEW, "alert-triangle", 30),
    ("notices", _("Rectification notices"), "hazards:notice_list", queries.VIEW, "file-certificate", 40),
    ("my_hazards", _("To put right"), "hazards:mine", REPORT, "tool", 50),
)
_SERIOUS = _("serious ones among them")


def register_all() -> None:
    """Register entries and cards."""
    for key, title, url_name, right, icon, order in _ITEMS:
        register(MenuItem(key, title, url_name, right, "inspection", icon, order))
    states, listed = Hazard.State, "hazards:hazard_list"
    for key, title, right, number, query, order in (
        ("notice", _("Hazards without a notice"), "issue_notice", _in(states.FOUND), "?state=found", 50),
        ("recheck", _("Hazards to recheck"), "recheck_hazard", _in(states.SUBMITTED), "?state=submitted", 51),
        ("close", _("Hazards to write off"), "close_hazard", _in(states.ACCEPTED), "?state=accepted", 52),
        ("overdue", _("Overdue hazards"), "close_hazard", Count(_overdue, _told_overdue), "?overdue=true", 53),
    ):
        register_card(Card(f"hazards.{key}", title, PRE + right, number, listed, "amber", order, query))
    register_card(
        Card("hazards.serve", _("Notices to serve"), PRE + "serve_notice", Count(_to_serve), "hazards:notice_list",
             "amber", 54, "?state=issued")
    )  # fmt: skip
    register_card(
        Card("hazards.mine", _("To put right"), REPORT, Count(_mine, _told_mine), "hazards:mine", "amber", 49)
    )


def _in(state: str) -> Count:
    """How many hazards are in a state; red when a serious one is among them."""

    def rows(user: Any) -> Rows:
        found = queries.hazards_visible_to(user).filter(state=state)
        return found, found.filter(level="major")

    def told(_user: Any, total: int, major: int) -> Figure:
        return Figure(total, "red" if major else "amber" if total else "", _SERIOUS if major else "")

    return Count(rows, told)


def _overdue(user: Any) -> Rows:
    return queries.hazards_visible_to(user).overdue(local_today())  # type: ignore[attr-defined]


def _told_overdue(_user: Any, count: int) -> Figure:
    return Figure(count, "red" if count else "")


def _to_serve(user: Any) -> Rows:
    return queries.notices_visible_to(user).filter(state=Notice.State.ISSUED)


def _mine(user: Any) -> Rows:
    found = queries.to_put_right(user)
    return found, found.filter(state__in=WITH_UNIT, deadline_on__lt=local_today())


def _told_mine(_user: Any, total: int, late: int) -> Figure:
    note = _("%(count)s over their deadline") % {"count": late} if late else ""
    return Figure(total, "red" if late else "amber" if total else "", note)
