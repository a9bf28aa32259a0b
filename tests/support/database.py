"""A migrated SQLite database, made once and copied: migrating anew would be most of a short test run.

The copy is kept beside the environment under a name made of everything that shapes the tables, so a change of a
migration, of the guards or of the libraries makes a new one. It is migrated again after copying, which finds nothing
to do.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(sys.prefix) / "test-databases"


def _mark() -> str:
    """A name for the shape of the tables: migrations, guards, what migrations call, apps and versions."""
    digest = hashlib.blake2b(digest_size=12)
    package = ROOT / "src" / "mainstay"
    sources = [
        *package.glob("**/migrations/*.py"),
        *package.glob("kit/sqlkit/*.py"),
        *package.glob("gas/ledger/chart.py"),
    ]
    for path in [*sorted(sources), *sorted((ROOT / "requirements").glob("*.lock"))]:
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    digest.update(repr((settings.INSTALLED_APPS, sqlite3.sqlite_version)).encode())
    return digest.hexdigest()


def kept_database() -> Path | None:
    """Where the copy for these tests is or will be; None on PostgreSQL or where nothing can be kept."""
    if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return None
    try:
        FOLDER.mkdir(exist_ok=True)
    except OSError:
        return None
    return FOLDER / f"{_mark()}.sqlite3"


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """Put the kept copy where the tests look for their database; tells pytest-django to use it as it is."""
    kept = kept_database()
    if kept is None or not kept.exists():
        return False
    shutil.copyfile(kept, settings.DATABASES["default"]["TEST"]["NAME"])
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Keep a copy of the fresh database for the next run, unless there is one."""
    kept = kept_database()
    if kept is not None and not kept.exists():
        with django_db_blocker.unblock():  # type: ignore[attr-defined]
            _keep(kept)
    yield


def _keep(kept: Path) -> None:
    from django.db import connection

    for older in sorted(FOLDER.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-4]:
        older.unlink(missing_ok=True)
    new = kept.with_suffix(f".{os.getpid()}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(new)])
    new.replace(kept)
