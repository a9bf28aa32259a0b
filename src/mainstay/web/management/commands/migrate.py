"""Django's `migrate`, which begins an empty SQLite database with a copy of a migrated one (see `kit.sqlite3.kept`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite

from mainstay.kit.sqlite3 import kept

OTHER_WISHES = ("app_label", "migration_name", "fake", "fake_initial", "plan", "check_unapplied", "prune", "run_syncdb")


class Command(Migrate):
    """Migrate; an empty file is begun with the kept copy, and kept when there is none."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what Django does, around it take and keep the copy."""
        fresh = not any(options.get(name) for name in OTHER_WISHES) and _is_empty(options["database"])
        taken = fresh and kept.put(_file(options["database"]))
        super().handle(*args, **options)
        if fresh and not taken:
            kept.keep(connections[options["database"]])


def _file(alias: str) -> Path:
    return Path(connections[alias].settings_dict["NAME"])


def _is_empty(alias: str) -> bool:
    """Tell whether this is an SQLite file without a table; leaves it closed, so that it can be replaced."""
    connection = connections[alias]
    if alias != DEFAULT_DB_ALIAS or not isinstance(connection, SQLite) or connection.is_in_memory_db():
        return False
    if connection.in_atomic_block or connection.introspection.table_names():
        return False
    connection.close()
    return True
