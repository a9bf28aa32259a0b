"""Making tables without rendering every other model makes the same tables."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from mainstay.kit.sqlkit.executor import Executor

SHAPE = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
SOME = [("customers", "0002_guards"), ("axes", "0009_add_session_hash"), ("todos", "0001_tables")]
PART = [("customers", "0001_tables")]
FILELESS = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "OPTIONS": {}}


def shape(kind: type[MigrationExecutor], *steps: list[tuple[str, str]]) -> list[Any]:
    """Migrate an empty database to each of the targets and return what is in it."""
    connections.databases["apart"] = connections.databases["default"] | FILELESS
    connection = connections["apart"]
    try:
        for targets in steps:
            kind(connection).migrate(targets)
        with connection.cursor() as cursor:
            return cursor.execute(SHAPE).fetchall()
    finally:
        connection.close()
        del connections["apart"], connections.databases["apart"]


@pytest.mark.slow
def test_the_tables_are_those_that_django_makes(django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        ours, theirs = shape(Executor, SOME), shape(MigrationExecutor, SOME)
        in_steps = shape(Executor, PART, SOME)
    names = {name for _kind, name, _sql in ours}
    assert {"customers_account", "access_user", "axes_accessattempt", "todos_todo"} <= names
    assert any(kind == "trigger" for kind, _name, _sql in ours)
    assert ours == theirs == in_steps


def test_a_table_has_its_references(django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        [sql] = [sql for kind, name, sql in shape(Executor, PART) if (kind, name) == ("table", "customers_account")]
    assert "REFERENCES" in sql
