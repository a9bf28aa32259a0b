"""The pages of the mutual standby."""

from __future__ import annotations

from mainstay.continuity.standby.actions import PLAN, REHEARSE, SWITCH, SWITCH_BASE
from mainstay.continuity.standby.queries import VIEW
from tests.pages.battery import Page, battery

TestStandby = battery(
    Page("standby:state", VIEW, by_unit=False),
    Page("standby:switch", SWITCH, by_unit=False),
    Page("standby:switch_database", SWITCH_BASE, by_unit=False),
    Page("standby:rehearse", REHEARSE, by_unit=False),
    Page("standby:plan", PLAN, by_unit=False),
)
