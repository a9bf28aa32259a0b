"""Helpers of tests that several apps need."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any
from unittest import mock
from weakref import ReferenceType

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models.signals import post_migrate
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext

STAY = ("django_content_type", "auth_permission")


@contextmanager
def count_queries(most: int | None = None, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[CaptureQueriesContext]:
    """Count the queries inside; with `most`, fail when there are more, showing those that repeat.

    Savepoints and transaction starts are not counted: `len(context)` counts all, `queries(context)` what is meant.
    """
    with CaptureQueriesContext(connections[using]) as context:
        yield context
    asked = queries(context)
    if most is not None and len(asked) > most:
        shapes = Counter(re.sub(r"\d+|'[^']*'", "?", sql) for sql in asked)
        listed = "\n".join(f"{count:4d} × {sql[:400]}" for sql, count in shapes.most_common())
        raise AssertionError(f"{len(asked)} queries where {most} are allowed:\n{listed}")


def queries(context: CaptureQueriesContext) -> list[str]:
    """Statements of a capture without transaction control."""
    control = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    return [query["sql"] for query in context.captured_queries if not query["sql"].startswith(control)]


@contextmanager
def guards_down(using: str = DEFAULT_DB_ALIAS, tables: Collection[str] | None = None) -> Iterator[None]:
    """Lift the triggers that refuse deletion and the foreign keys, so that a test can empty tables in any order.

    Outside a transaction. `tables` may spare SQLite the triggers of others. On PostgreSQL the user of the tests must be
    a superuser.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        lifted = _lifted_postgresql(cursor) if connection.vendor == "postgresql" else _lifted_sqlite(cursor, tables)
        with lifted:
            yield


@contextmanager
def _lifted_postgresql(cursor: Any) -> Iterator[None]:
    cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        cursor.execute("SET session_replication_role = origin")


@contextmanager
def _lifted_sqlite(cursor: Any, tables: Collection[str] | None) -> Iterator[None]:
    cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = [(name, sql) for name, table, sql in cursor.fetchall() if tables is None or table in tables]
    cursor.execute("PRAGMA foreign_keys = OFF")
    for name, _sql in triggers:
        cursor.execute(f'DROP TRIGGER "{name}"')
    try:
        yield
    finally:
        for _name, sql in triggers:
            cursor.execute(sql)
        cursor.execute("PRAGMA foreign_keys = ON")


def let_flush_pass_guards() -> None:
    """Make Django's emptying of the tables after a transactional test pass the append-only guards, and be quick.

    Only tables with rows are emptied, and by DELETE: to truncate hundreds of tables takes PostgreSQL a second. What
    Django's own receivers of `post_migrate` would look for with hundreds of queries (content types, permissions) stays;
    the product's receivers put up again what they put up. Called once from the tests' conftest.
    """
    case: Any = TransactionTestCase
    original = case._fixture_teardown
    if getattr(original, "passes_guards", False):
        return

    def teardown(self: Any) -> None:
        connection = connections[DEFAULT_DB_ALIAS]
        filled = _filled(connection)
        empty = mock.patch.object(connection.ops, "sql_flush", partial(_deletions, connection, filled))
        with guards_down(tables=filled), empty, mock.patch.object(post_migrate, "receivers", _of_the_product()):
            original(self)

    teardown.passes_guards = True  # type: ignore[attr-defined]
    case._fixture_teardown = teardown
    case._should_reload_connections = lambda _self: False  # a new connection knows no table yet, and learns for 50 ms


def _of_the_product() -> list[Any]:
    """Return the receivers of `post_migrate` that are not Django's own."""
    return [one for one in post_migrate.receivers if not _called(one).__module__.startswith("django.")]


def _called(receiver: Any) -> Any:
    """Return the function of a registered receiver; it is registered after its key, mostly by a weak reference."""
    kept = receiver[1]
    return kept() if isinstance(kept, ReferenceType) else kept


def _filled(connection: Any) -> list[str]:
    """Return the tables that hold rows and are to be emptied."""
    asked = [table for table in connection.introspection.django_table_names(only_existing=True) if table not in STAY]
    questions = [
        f"SELECT {number} WHERE EXISTS (SELECT 1 FROM {connection.ops.quote_name(table)})"  # noqa: S608  # our own names
        for number, table in enumerate(asked)
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # plans one statement over hundreds of tables for a tenth of a second
            cursor.execute("; ".join(questions))
            found = cursor.fetchall()
            while cursor.nextset():
                found += cursor.fetchall()
        else:
            cursor.execute(" UNION ALL ".join(questions))
            found = cursor.fetchall()
    return [asked[number] for (number,) in found]


def _deletions(connection: Any, filled: Sequence[str], *_asked: Any, **_wishes: Any) -> list[str]:
    """Return the statements that empty the tables."""
    labels = ", ".join(f"'{config.label}'" for config in apps.get_app_configs())
    made_by_tests = f"DELETE FROM django_content_type WHERE app_label NOT IN ({labels})"  # noqa: S608
    return [made_by_tests, *(f"DELETE FROM {connection.ops.quote_name(table)}" for table in filled)]  # noqa: S608
