"""Static files before they are collected; what collecting makes of them is asked of a served site in tests/browser."""

from __future__ import annotations

from pathlib import Path

from mainstay.web.storage import Manifest


def test_before_collecting_names_stay_plain(tmp_path: Path) -> None:
    assert Manifest(location=tmp_path, base_url="/static/").url("web/css/shell.css") == "/static/web/css/shell.css"
