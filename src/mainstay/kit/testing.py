"""Helpers of tests that several apps need."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any
from unittest import mock

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
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
def guards_down(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Lift the triggers that refuse deletion and the foreign keys, so that a test can empty tables in any order.

    Outside a transaction. On PostgreSQL the user of the tests must be a superuser.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        lift = _lifted_postgresql if connection.vendor == "postgresql" else _lifted_sqlite
        with lift(cursor):
            yield


@contextmanager
def _lifted_postgresql(cursor: Any) -> Iterator[None]:
    cursor.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        cursor.execute("SET session_replication_role = origin")


@contextmanager
def _lifted_sqlite(cursor: Any) -> Iterator[None]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    triggers = cursor.fetchall()
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
    `post_migrate` would make anew at once (content types, permissions) stays. Called once from the tests' conftest.
    """
    case: Any = TransactionTestCase
    original = case._fixture_teardown
    if getattr(original, "passes_guards", False):
        return

    def teardown(self: Any) -> None:
        connection = connections[DEFAULT_DB_ALIAS]
        with guards_down(), mock.patch.object(connection.ops, "sql_flush", partial(_deletions, connection)):
            original(self)

    teardown.passes_guards = True  # type: ignore[attr-defined]
    case._fixture_teardown = teardown


def _deletions(connection: Any, _style: Any, tables: Sequence[str], **_wishes: Any) -> list[str]:
    """Return the statements that empty those of the tables that hold rows."""
    quote = connection.ops.quote_name
    asked = [table for table in tables if table not in STAY]
    if not asked:
        return []
    sql = " UNION ALL ".join(
        f"SELECT {number} WHERE EXISTS (SELECT 1 FROM {quote(table)})"  # noqa: S608  # names of our own tables
        for number, table in enumerate(asked)
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        filled = [asked[number] for (number,) in cursor.fetchall()]
    labels = ", ".join(f"'{config.label}'" for config in apps.get_app_configs())
    made_by_tests = f"DELETE FROM django_content_type WHERE app_label NOT IN ({labels})"  # noqa: S608
    return [made_by_tests, *(f"DELETE FROM {quote(table)}" for table in filled)]  # noqa: S608
