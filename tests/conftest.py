"""Fixtures of every test. The database is SQLite, or PostgreSQL when DATABASE_URL names one."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator

import pytest
from django.test import TransactionTestCase

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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option the second database's run is given, so that no pure test counts twice."""
    parser.addoption("--only-database", action="store_true", help="leave out tests that use no database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --only-database, keep the tests that use one."""
    if not config.getoption("--only-database"):
        return
    kept = [item for item in items if _uses_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _uses_database(item: pytest.Item) -> bool:
    """Tell whether a test asks for the database, by mark, fixture or test case class."""
    names = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("django_db") or names & {"db", "transactional_db", "django_db_setup", "live_server"}:
        return True
    case = getattr(item, "cls", None)
    return case is not None and issubclass(case, TransactionTestCase)
