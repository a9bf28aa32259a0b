"""Fixtures of every test. The database is SQLite, or PostgreSQL when DATABASE_URL names one."""

from __future__ import annotations

import gc
import shutil

import pytest
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from mainstay.kit.testing import let_flush_pass_guards
from tests import settings as test_settings

pytest_plugins = ["tests.support.database", "tests.support.site", "tests.support.browser"]

# How long one example takes says nothing on a busy machine; `fast` is what `./mainstay test --fast` asks for.
hypothesis_settings.register_profile("full", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.register_profile("fast", hypothesis_settings.get_profile("full"), max_examples=10)
hypothesis_settings.load_profile("full")

let_flush_pass_guards()
gc.disable()  # until the tests are collected: a quarter of that time would go into looking at what stays anyhow


def pytest_sessionstart() -> None:
    """Spare the process that hands out tests what it has loaded: pytest collects ten times at the end of each."""
    gc.freeze()


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays anyhow, all modules and tests: it costs a tenth of the time otherwise."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_unconfigure() -> None:
    """Remove this process's throw-away data folder when its tests are over."""
    shutil.rmtree(test_settings.DATA_FOLDER, ignore_errors=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what the gates ask for: what uses a database, or only the quick half of it."""
    parser.addoption("--fast", action="store_true", help="ask each page only once")
    parser.addoption("--only-database", action="store_true", help="leave out tests that use no database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --only-database, keep the tests that use one."""
    if not config.getoption("--only-database"):
        return
    kept = [item for item in items if _uses_database(item)]
    wanted = set(kept)
    config.hook.pytest_deselected(items=[item for item in items if item not in wanted])
    items[:] = kept


def _uses_database(item: pytest.Item) -> bool:
    """Tell whether a test asks for the database, by mark, fixture or test case class."""
    names = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("django_db") or names & {"db", "transactional_db", "django_db_setup", "live_server"}:
        return True
    case = getattr(item, "cls", None)
    return case is not None and issubclass(case, TransactionTestCase)
