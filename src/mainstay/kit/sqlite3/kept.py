"""A migrated SQLite database, made once and copied: migrating an empty one takes many seconds, copying it none.

The copy lies beside the Python environment under a name made of everything that shapes the tables, so a change of a
migration, of the guards, of the apps or of the libraries makes a new one. Whoever takes it migrates it again, which
finds nothing to do but what `post_migrate` does. It holds no data of anybody: it is taken before the first row.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

FOLDER = Path(sys.prefix) / "databases"
MOST = 16  # copies kept, of a few megabytes each: branches of work differ in their migrations
PACKAGE = Path(__file__).resolve().parents[2]


def place() -> Path | None:
    """Return where the copy for this code is or will be; None outside an environment of our own."""
    if sys.prefix == sys.base_prefix or not os.access(sys.prefix, os.W_OK):
        return None
    return FOLDER / f"{mark()}.sqlite3"


def put(target: Path) -> bool:
    """Copy the kept database to `target`, whole or not at all; False when there is none to copy."""
    kept = place()
    if kept is None or not kept.exists():
        return False
    new = target.with_name(f"{target.name}.{os.getpid()}.new")
    shutil.copyfile(kept, new)
    new.replace(target)
    return True


def keep(connection: BaseDatabaseWrapper) -> None:
    """Keep a copy of a database that has been migrated and holds nothing else yet."""
    kept = place()
    if kept is None or kept.exists():
        return
    FOLDER.mkdir(exist_ok=True)
    for older in sorted(FOLDER.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime)[: 1 - MOST]:
        older.unlink(missing_ok=True)
    new = kept.with_suffix(f".{os.getpid()}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(new)])
    new.replace(kept)


def mark() -> str:
    """Return a name for the shape of the tables: migrations, guards, what migrations call, apps and versions."""
    return mark_of(settings.INSTALLED_APPS)


def mark_of(*facts: object) -> str:
    """Return a name for these facts and all that shapes the tables but the settings."""
    digest = hashlib.blake2b(digest_size=12)
    sources = [
        *PACKAGE.glob("**/migrations/*.py"),
        *PACKAGE.glob("kit/sqlkit/*.py"),
        *PACKAGE.glob("gas/ledger/chart.py"),
    ]
    for path in sorted(sources):
        digest.update(str(path.relative_to(PACKAGE)).encode() + path.read_bytes())
    digest.update(repr((*facts, metadata.version("django"), sqlite3.sqlite_version)).encode())
    return digest.hexdigest()
