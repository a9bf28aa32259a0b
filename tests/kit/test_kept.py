"""The kept copy of a migrated database: taken by an empty file only, and a start with it is a start without it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from mainstay.kit.sqlite3 import kept

ROOT = Path(__file__).resolve().parents[2]
SHAPE = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept, "FOLDER", tmp_path / "kept")
    return tmp_path


def test_nothing_is_put_where_nothing_is_kept(folder: Path) -> None:
    assert not kept.put(folder / "site.sqlite3")
    assert not list(folder.iterdir())


def test_another_migration_means_another_copy(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = folder / "mainstay"
    (package / "app" / "migrations").mkdir(parents=True)
    monkeypatch.setattr(kept, "PACKAGE", package)
    before = kept.place()
    (package / "app" / "migrations" / "0002_more.py").write_text("operations = []\n")
    assert kept.place() != before


def test_an_environment_that_is_not_ours_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    assert kept.place() is None


def migrate(data: Path) -> sqlite3.Connection:
    """Migrate a site in a process of its own, as `./mainstay manage migrate` does, and open its database."""
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"MAINSTAY_DATA": str(data), "DJANGO_SETTINGS_MODULE": "mainstay.config.settings"}
    command = [sys.executable, "-m", "mainstay", "manage", "migrate", "--verbosity", "0"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return sqlite3.connect(data / "mainstay.sqlite3")


@pytest.mark.slow
def test_a_file_with_rows_is_left_alone(tmp_path: Path) -> None:
    site = tmp_path / "mainstay.sqlite3"
    base = sqlite3.connect(site) if kept.put(site) else migrate(tmp_path)
    base.execute("CREATE TABLE mine (word TEXT)")
    base.commit()
    base.close()
    again = migrate(tmp_path)
    assert again.execute("SELECT count(*) FROM mine").fetchone() == (0,)
    assert again.execute("SELECT count(*) FROM django_migrations").fetchone()[0] > 50
    assert again.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    again.close()


@pytest.mark.django_db(transaction=True)
def test_the_copy_has_every_table_and_guard(folder: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps no copy")
    kept.keep(connection)
    assert kept.put(folder / "site.sqlite3")
    copied = sqlite3.connect(folder / "site.sqlite3")
    with connection.cursor() as cursor:
        assert copied.execute(SHAPE).fetchall() == cursor.execute(SHAPE).fetchall()
    copied.close()
