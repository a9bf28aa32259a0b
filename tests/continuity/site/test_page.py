"""The page of the declaration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mainstay.continuity.site.library import example
from mainstay.continuity.site.queries import VIEW
from tests.core.make import make_user

pytestmark = pytest.mark.django_db


def _page(client: Client) -> str:
    user = make_user(rights={VIEW: ("all", None)})
    client.force_login(user)
    return client.get("/site/").content.decode()


def test_it_shows_the_declaration(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.SITE_FILE = str(tmp_path / "site.toml")
    (tmp_path / "site.toml").write_text(example(), encoding="utf-8")
    text = _page(client)
    for shown in ("appsrv", "10.77.0.2", "02:77:01:00:00:11", "城东营业所 1 号柜台", "/mnt/offsite/mainstay", "60 s"):
        assert shown in text or shown.replace(" s", " 秒") in text, shown


def test_it_tells_what_is_wrong_and_where(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.SITE_FILE = str(tmp_path / "site.toml")
    (tmp_path / "site.toml").write_text(example().replace('role = "witness"', 'role = "other"'), encoding="utf-8")
    assert "site.toml hosts" in _page(client)


def test_without_one_it_tells_how_to_begin(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.SITE_FILE = str(tmp_path / "site.toml")
    assert "mainstay site example" in _page(client)
