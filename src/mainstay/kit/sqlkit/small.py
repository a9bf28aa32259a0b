"""Small pieces of SQL that the two databases spell differently."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, cast

from django.db import DEFAULT_DB_ALIAS, connections

Vendor = Literal["postgresql", "sqlite"]


def vendor(using: str = DEFAULT_DB_ALIAS) -> Vendor:
    """Name of the database in use: "postgresql" or "sqlite"."""
    return cast("Vendor", connections[using].vendor)


def quoted(name: str) -> str:
    """A table or column name as an identifier, quoted the same way for both databases."""
    return '"' + name.replace('"', '""') + '"'


def now_sql(using: str = DEFAULT_DB_ALIAS) -> str:
    """SQL for the present instant in the stored form of a DateTimeField (UTC).

    SQLite answers in whole seconds; a batch that orders by instants passes its own instant as a parameter.
    """
    return "now()" if vendor(using) == "postgresql" else "(datetime('now') || '.000000')"


def greatest(*expressions: str, using: str = DEFAULT_DB_ALIAS) -> str:
    """SQL for the greatest of several expressions that are not NULL."""
    name = "greatest" if vendor(using) == "postgresql" else "max"
    return f"{name}({', '.join(expressions)})"


def least(*expressions: str, using: str = DEFAULT_DB_ALIAS) -> str:
    """SQL for the least of several expressions that are not NULL."""
    name = "least" if vendor(using) == "postgresql" else "min"
    return f"{name}({', '.join(expressions)})"


def beginning(column: str, using: str = DEFAULT_DB_ALIAS) -> str:
    """SQL for "this text column begins so" as a range, whose bounds are its two parameters (the text, and the text with
    the last of all characters behind it). Uses a `varchar_pattern_ops` index on PostgreSQL, any index on SQLite.
    """
    if vendor(using) == "postgresql":
        return f"({column} ~>=~ %s AND {column} ~<~ %s)"
    return f"({column} >= %s AND {column} < %s)"


def bytewise(column: str, using: str = DEFAULT_DB_ALIAS) -> str:
    """SQL to order by a text column as the index of `beginning` does."""
    return f"{column} USING ~<~" if vendor(using) == "postgresql" else column


def among(column: str, numbers: Sequence[int], using: str = DEFAULT_DB_ALIAS) -> tuple[str, list[Any]]:
    """SQL for "this column is one of these whole numbers", and its parameters for `round_trip`.

    PostgreSQL gets one text for any count of them, hence one plan.
    """
    if vendor(using) == "postgresql":
        return f"{column} = ANY(%s::bigint[])", [list(numbers)]
    return f"{column} IN ({', '.join(['%s'] * len(numbers))})", list(numbers)


def estimated_rows(table: str, using: str = DEFAULT_DB_ALIAS) -> int:
    """About how many rows `table` has, in constant time: for pages that must not count a million rows.

    PostgreSQL answers from its statistics, or counts when it has none yet; SQLite from the span of the row ids,
    which is exact for tables that never lose rows.
    """
    with connections[using].cursor() as cursor:
        if vendor(using) == "postgresql":
            cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(%s)", [quoted(table)])
            row = cursor.fetchone()
            if row and row[0] > 0:
                return int(row[0])
            cursor.execute(f"SELECT count(*) FROM (SELECT 1 FROM {quoted(table)} LIMIT 100000) AS counted")  # noqa: S608
        else:
            cursor.execute(f"SELECT coalesce(max(rowid) - min(rowid) + 1, 0) FROM {quoted(table)}")  # noqa: S608
        return int(cursor.fetchone()[0])


def refresh_statistics(*tables: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """ANALYZE the tables: on a fresh database the planner otherwise takes full tables for empty ones."""
    with connections[using].cursor() as cursor:
        for table in tables:
            cursor.execute(f"ANALYZE {quoted(table)}")
