"""Static files: hashed and compressed after collecting, and still answering before."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from mainstay.web.storage import Manifest


def test_before_collecting_names_stay_plain(tmp_path: Path) -> None:
    assert Manifest(location=tmp_path, base_url="/static/").url("web/css/shell.css") == "/static/web/css/shell.css"


@pytest.mark.slow
def test_after_collecting_names_carry_their_hash_and_brotli_lies_beside(tmp_path: Path, settings: Any) -> None:
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "mainstay.web.storage.Manifest"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
        storage = Manifest()
        url = storage.url("web/vendor/tabler.min.css")
        assert re.fullmatch(r"/static/web/vendor/tabler\.min\.[0-9a-f]{12}\.css", url)
        assert (tmp_path / f"{url.removeprefix('/static/')}.br").exists()
        with pytest.raises(ValueError, match="manifest"):
            storage.url("web/css/nowhere.css")
