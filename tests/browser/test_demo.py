"""The demonstration loaded a second time changes nothing. Here because the site of these tests has loaded it twice."""

from __future__ import annotations

import pytest

from tests.support.site import LiveSite

pytestmark = pytest.mark.browser


def test_loading_the_demonstration_again_changes_nothing(live_site: LiveSite) -> None:
    once, twice = live_site.loads
    assert len(once) > 1_000 and twice == once
