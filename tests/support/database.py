"""The tests' database begins as a copy of a migrated one, because to migrate an empty one takes many seconds.

On SQLite it begins with the kept copy (`kit.sqlite3.kept`), or becomes it. On PostgreSQL it begins with a template that
is there for this code, as in the cluster of the gates; else the first worker of a run that needs one migrates, and
leaves a template to the others.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from mainstay.kit.sqlite3 import kept

SHARED = bool(os.environ.get("PYTEST_XDIST_WORKER"))  # other workers of this run will want a database too


class Template:
    """A migrated PostgreSQL database that the workers of one run copy. Whoever holds the lock may make it."""

    def __init__(self, folder: Path) -> None:
        self.lock = folder / "template.lock"
        self.name = f"{settings.DATABASES['default']['NAME']}_template"
        self.ours = False

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep the other workers out."""
        with self.lock.open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield

    def use(self) -> bool:
        """Let Django copy it, if it is there for this code; it still asks whether a migration is open."""
        with connection._nodb_cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s AND shobj_description(oid, 'pg_database') = %s",
                [self.name, kept.mark_of()],
            )
            there = cursor.fetchone() is not None
        if there:
            connection.settings_dict["TEST"]["TEMPLATE"] = self.name
        return there

    def make(self) -> None:
        """Copy the database that this worker has migrated; nobody may be connected to it meanwhile."""
        connection.close()
        name, source = map(_quoted, (self.name, connection.settings_dict["NAME"]))
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")  # of other code, left by a run that was killed
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
            cursor.execute(f"COMMENT ON DATABASE {name} IS '{kept.mark_of()}'")
        self.ours = True

    def drop(self) -> None:
        """Take the one we made away again."""
        if self.ours:
            with self.alone(), connection._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {_quoted(self.name)}")


def _quoted(name: Any) -> str:
    quoted: str = connection.ops.quote_name(name)
    return quoted


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Put the kept copy where the tests look for their database; tells pytest-django to use it as it is."""
    if connection.vendor != "sqlite":
        return False
    return kept.put(Path(settings.DATABASES["default"]["TEST"]["NAME"]))


@pytest.fixture(scope="session")
def migrated_template(
    django_db_modify_db_settings: None,
    django_db_blocker: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Template | None]:
    """The template of this run's workers; None on SQLite."""
    if connection.vendor != "postgresql":
        yield None
        return
    template = Template(tmp_path_factory.getbasetemp().parent if SHARED else tmp_path_factory.getbasetemp())
    yield template
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        template.drop()


@pytest.fixture(scope="session")
def django_db_setup(
    migrated_template: Template | None, request: pytest.FixtureRequest, django_db_blocker: pytest.FixtureRequest
) -> None:
    """Let Django make the database, and leave a copy: to the next run, or to the other workers of this one."""
    unblocked = django_db_blocker.unblock  # type: ignore[attr-defined]
    if migrated_template is None:
        request.getfixturevalue("django_db_setup")  # pytest-django's own
    else:
        with migrated_template.alone():
            with unblocked():
                there = migrated_template.use()
            request.getfixturevalue("django_db_setup")
            if SHARED and not there:
                with unblocked():
                    migrated_template.make()
    if connection.vendor == "sqlite":
        with unblocked():
            kept.keep(connection)
