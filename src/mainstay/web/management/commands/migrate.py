"""Django's `migrate`, which begins an empty SQLite database with a copy of a migrated one (see `kit.sqlite3.kept`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import CommandError
from django.core.management.commands import migrate as django_migrate
from django.core.management.sql import emit_post_migrate_signal
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from mainstay.kit.sqlite3 import kept
from mainstay.kit.sqlkit.executor import Executor

# Django's command takes its executor from its module, and offers no other way to choose one.
django_migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]

OTHER_WISHES = ("app_label", "migration_name", "fake", "fake_initial", "plan", "check_unapplied", "prune", "run_syncdb")


class Command(django_migrate.Command):
    """Migrate; an empty file is begun with the kept copy, and kept when there is none.

    Where nothing is to be applied and nobody listens, only what follows each migrating is done: Django would first
    render all models twice, which is half of the time.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what Django does, around it take and keep the copy."""
        wishes = {name for name in OTHER_WISHES if options.get(name)}
        fresh = not wishes and _is_empty(options["database"])
        taken = fresh and kept.put(_file(options["database"]))
        if not fresh:
            _refuse_half_way(options["database"])
        if options["verbosity"] == 0 and wishes <= {"run_syncdb"} and _is_up_to_date(options["database"]):
            emit_post_migrate_signal(0, options["interactive"], options["database"])
            return
        super().handle(*args, **options)
        if fresh and not taken:
            kept.keep(connections[options["database"]])


def _refuse_half_way(alias: str) -> None:
    """Refuse a database that stopped among migrations which are one now: Django would leave it as it is, silently."""
    loader = MigrationLoader(connections[alias])
    for (label, name), folded in loader.replacements.items():
        lacking = [old for old in folded.replaces if old not in loader.applied_migrations]
        if lacking and len(lacking) < len(folded.replaces):
            text = _("This database stopped at an older version: %(lacking)s is not applied, but part of %(now)s now.")
            advice = _("Migrate it once with the version it was made by, then with this one.")
            facts = {"lacking": ", ".join(".".join(old) for old in lacking), "now": f"{label}.{name}"}
            raise CommandError(f"{text % facts} {advice}")


def _is_up_to_date(alias: str) -> bool:
    """Tell whether every migration is applied, in an order that can be, and no app makes its tables without any."""
    executor = Executor(connections[alias])
    loader = executor.loader
    loader.check_consistent_history(connections[alias])
    if executor.migration_plan(loader.graph.leaf_nodes()) or loader.detect_conflicts():
        return False
    executor.check_replacements()
    return not any(one.label in loader.unmigrated_apps and any(one.get_models()) for one in apps.get_app_configs())


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
