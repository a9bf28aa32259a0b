"""The demonstration loaded a second time changes nothing. Here because these tests have loaded it once already."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.site import ACCOUNTS, site_in

pytestmark = pytest.mark.browser


def test_loading_the_demonstration_again_changes_nothing(company: Path, tmp_path: Path) -> None:
    site = site_in(shutil.copytree(company, tmp_path / "again"))
    once = site.acts()
    site.run("demo", "--once", "--accounts", str(ACCOUNTS))
    assert len(once) > 1_000 and site.acts() == once
