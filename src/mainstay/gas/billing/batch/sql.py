"""How the engine talks to the database: one cursor that prepares its statements where that pays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection

from mainstay.kit.sqlkit import vendor


class Statements:
    """Runs statements on the default connection.

    PostgreSQL: through a plain psycopg cursor, which prepares what it runs often; planning the engine's joins anew for
    each chunk would cost more than running them. SQLite: Django's cursor (sqlite3 caches statements by itself).
    """

    def __init__(self) -> None:
        connection.ensure_connection()
        if vendor() == "postgresql":
            import psycopg

            raw: Any = connection.connection
            self._cursor: Any = psycopg.Cursor(raw)
        else:
            self._cursor = connection.cursor()

    @property
    def rowcount(self) -> int:
        """Rows touched by the last statement."""
        return int(self._cursor.rowcount)

    def execute(self, statement: str, parameters: Any = ()) -> Statements:
        """Run one statement; errors are Django's on both databases."""
        with connection.wrap_database_errors:
            self._cursor.execute(statement, parameters or None)
        return self

    def executemany(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        """Run one statement for each row; does nothing without rows."""
        if rows:
            with connection.wrap_database_errors:
                self._cursor.executemany(statement, rows)

    def fetchone(self) -> tuple[Any, ...] | None:
        """One row of the last SELECT."""
        row: tuple[Any, ...] | None = self._cursor.fetchone()
        return row

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Rows of the last SELECT."""
        rows: list[tuple[Any, ...]] = self._cursor.fetchall()
        return rows

    def close(self) -> None:
        """Give the cursor back."""
        self._cursor.close()


@contextmanager
def statements() -> Iterator[Statements]:
    """A `Statements` for the length of a block."""
    made = Statements()
    try:
        yield made
    finally:
        made.close()


def given_books(books: list[int], database: str) -> Any:
    """The parameter of {in_books}."""
    return books if database == "postgresql" else json.dumps(books)


def used_until(from_on: str, to_on: str, database: str) -> str:
    """SQL for the end (exclusive) of the days of use between two readings; both on one day use that day.

    Terms and prices are those of the last day of use, as `tariffs.rules.last_day` gives it.
    """
    after = f"{from_on} + 1" if database == "postgresql" else f"date({from_on}, '+1 day')"
    return f"CASE WHEN {from_on} < {to_on} THEN {to_on} ELSE {after} END"


@cache
def dialect(statement: str, database: str) -> str:
    """Spell a statement for a database: {least} {greatest} {days:a:b} and casts that only PostgreSQL needs."""
    postgresql = database == "postgresql"
    words = {
        # Holds SQLite to the order of a statement: it knows nothing of temporary tables, and would read a whole table
        # of the business to look up in one of them.
        "{join}": "JOIN" if postgresql else "CROSS JOIN",
        "{least}": "least" if postgresql else "min",
        "{greatest}": "greatest" if postgresql else "max",
        "{days}": "(r.to_on - r.from_on)"
        if postgresql
        else "CAST(julianday(r.to_on) - julianday(r.from_on) AS INTEGER)",
        "{json}": "CAST(r.reading AS jsonb)" if postgresql else "r.reading",
        "{as_json}": "CAST(%s AS jsonb)" if postgresql else "%s",
        "{bigint}": "CAST(sum(r.volume_l) AS bigint)" if postgresql else "sum(r.volume_l)",
        "{in_books}": "= ANY(%s)" if postgresql else "IN (SELECT value FROM json_each(%s))",
        # Keeps PostgreSQL from copying an expression into each place that uses it, and computing it there each time.
        "{fence}": "OFFSET 0" if postgresql else "LIMIT -1",
        "{ordered}": "ORDER BY account_id" if postgresql else "",
        "{late_months}": _LATE_MONTHS_POSTGRESQL if postgresql else _LATE_MONTHS_SQLITE,
    }
    for word, text in words.items():
        statement = statement.replace(word, text)
    return statement


# Whole months from the start of the tariff year to the day since when gas is used.
_SINCE = "coalesce(a.counts_from, a.opened_on)"
_LATE_MONTHS_POSTGRESQL = (
    f"CAST((extract(year FROM {_SINCE}) - extract(year FROM s.year_start_on)) * 12 "
    f"+ extract(month FROM {_SINCE}) - extract(month FROM s.year_start_on) "
    f"- CASE WHEN extract(day FROM {_SINCE}) < extract(day FROM s.year_start_on) THEN 1 ELSE 0 END AS integer)"
)
_LATE_MONTHS_SQLITE = (
    f"((CAST(substr({_SINCE}, 1, 4) AS INTEGER) - CAST(substr(s.year_start_on, 1, 4) AS INTEGER)) * 12 "
    f"+ CAST(substr({_SINCE}, 6, 2) AS INTEGER) - CAST(substr(s.year_start_on, 6, 2) AS INTEGER) "
    f"- (substr({_SINCE}, 9, 2) < substr(s.year_start_on, 9, 2)))"
)
