"""What this app adds to the menu and to the workbench."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.home.cards import Card
from mainstay.core.home.cards import register as register_card
from mainstay.core.home.counting import Count
from mainstay.core.home.menu import MenuItem, register
from mainstay.inspection.bulletins import queries

PRE = "inspection.bulletins."
_ITEMS = (
    ("papers", _("Summaries and bulletins"), "bulletins:paper_list", queries.VIEW, "file-text", 60),
    ("statistics", _("Statistics of inspections"), "bulletins:statistics", queries.STATS, "chart-bar", 80),
)


def register_all() -> None:
    """Register entries and cards."""
    for key, title, url_name, right, icon, order in _ITEMS:
        register(MenuItem(f"inspection_{key}", title, url_name, right, "inspection", icon, order))
    papers, campaigns = "bulletins:paper_list", "campaigns:campaign_list"
    signing, issued, review = "?state=signing&waits=true", "?state=issued&waits=true", "?state=reviewing"
    for key, title, right, number, url_name, query, order in (
        ("seal", _("Bulletins to seal"), "seal_paper", Count(queries.being_signed, _to_seal), papers, signing, 55),
        (
            "issue",
            _("Bulletins to issue"),
            "issue_paper",
            Count(queries.being_signed, _to_issue),
            papers,
            "?state=signing",
            56,
        ),
        (
            "acknowledge",
            _("Bulletins to acknowledge"),
            "acknowledge_paper",
            Count(queries.to_acknowledge),
            papers,
            issued,
            57,
        ),
        (
            "summary",
            _("Summaries to write"),
            "draft_summary",
            Count(queries.groups_without_summary),
            campaigns,
            review,
            58,
        ),
        (
            "draft",
            _("Campaigns without a bulletin"),
            "draft_bulletin",
            Count(queries.campaigns_without_bulletin),
            campaigns,
            review,
            59,
        ),
    ):
        register_card(Card(f"bulletins.{key}", title, PRE + right, number, url_name, "amber", order, query))


def _to_seal(user: Any, being_signed: int) -> int:
    return len(queries.to_seal(user)) if being_signed else 0


def _to_issue(user: Any, being_signed: int) -> int:
    return len(queries.to_issue(user)) if being_signed else 0
