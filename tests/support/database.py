"""The tests' SQLite database begins with the kept, migrated copy (`kit.sqlite3.kept`), or becomes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from mainstay.kit.sqlite3 import kept


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Put the kept copy where the tests look for their database; tells pytest-django to use it as it is."""
    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return False
    return kept.put(Path(settings.DATABASES["default"]["TEST"]["NAME"]))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Keep a copy of the fresh database for the next run, unless there is one."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            kept.keep(connection)
    yield
