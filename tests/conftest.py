"""Fixtures of every test. The database is SQLite, or PostgreSQL when DATABASE_URL names one."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator

import pytest

from tests import settings as test_settings

pytest_plugins = ["tests.support.site", "tests.support.browser"]


@pytest.fixture(scope="session", autouse=True)
def messages() -> None:
    """Compile the Chinese catalogues once, so that both languages can be asserted."""
    if importlib.util.find_spec("mainstay.kit.messages"):
        from mainstay.kit.messages import compile_messages

        compile_messages()


@pytest.fixture(scope="session", autouse=True)
def data_folder() -> Iterator[None]:
    """Remove this process's throw-away data folder when its tests are over."""
    yield
    shutil.rmtree(test_settings.DATA_FOLDER, ignore_errors=True)
