"""Helpers of tests that several apps need."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.test import TransactionTestCase
from django.test.utils import CaptureQueriesContext


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
    """Make Django's emptying of the tables after a transactional test pass the append-only guards.

    Called once from the tests' conftest.
    """
    case: Any = TransactionTestCase
    original = case._fixture_teardown
    if getattr(original, "passes_guards", False):
        return

    def teardown(self: Any) -> None:
        with guards_down():
            original(self)

    teardown.passes_guards = True  # type: ignore[attr-defined]
    case._fixture_teardown = teardown
