"""The demonstration loaded a second time changes nothing. Here because a loaded site stands ready here."""

from __future__ import annotations

import sqlite3

import pytest

from tests.support.site import ACCOUNTS, LiveSite

pytestmark = pytest.mark.browser


def test_loading_the_demonstration_again_changes_nothing(live_site: LiveSite) -> None:
    def acts() -> list[tuple[str, str]]:
        with sqlite3.connect(f"file:{live_site.data / 'mainstay.sqlite3'}?mode=ro", uri=True) as base:
            return base.execute(
                "SELECT action, subject FROM audit_entry WHERE action <> 'core.access.log_in' ORDER BY id"
            ).fetchall()

    before = acts()
    live_site.run("demo", "--once", "--accounts", str(ACCOUNTS))
    assert acts() == before
