"""The pages of the mutual standby."""

from __future__ import annotations

from mainstay.continuity.standby.actions import SWITCH
from mainstay.continuity.standby.queries import VIEW
from tests.pages.battery import Page, battery

TestStandby = battery(
    Page("standby:state", VIEW, by_unit=False),
    Page("standby:switch", SWITCH, by_unit=False),
)
