"""The page of the site declaration."""

from __future__ import annotations

from mainstay.continuity.site.queries import VIEW
from tests.pages.battery import Page, battery

TestSite = battery(Page("site:declaration", VIEW, by_unit=False))
