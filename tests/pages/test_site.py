"""The pages of the site: its declaration, the board, the evidence."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from mainstay.continuity.site import actions
from mainstay.continuity.site.batch import record
from mainstay.continuity.site.queries import BOARD, VIEW
from mainstay.continuity.site.rules.verdict import RED, Seen
from tests.pages.battery import Page, Rows, battery


def _measure(_unit: Any) -> dict[str, Any]:
    record("site.watchers", "", [Seen("appsrv", RED, "silent", "无消息")], timezone.now())
    return {"key": "D1"}


def _finding(_unit: Any) -> dict[str, Any]:
    (made,) = record("site.watchers", "", [Seen("appsrv", RED, f"{timezone.now()}", "无消息")], timezone.now())
    return {"pk": made.pk}


TestSite = battery(
    Page("site:declaration", VIEW, by_unit=False),
    Page("site:board", BOARD, make=Rows(_measure), by_unit=False),
    Page("site:wall", BOARD, make=Rows(_measure), by_unit=False),
    Page("site:measure", BOARD, make=_measure, by_unit=False),
    Page("site:look", actions.LOOK, make=_measure, method="post", by_unit=False, scope="all"),
    Page("site:excuse", actions.EXCUSE, make=_finding, by_unit=False),
)
