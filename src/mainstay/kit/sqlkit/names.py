"""Names of triggers, and the catalogue of guards that migrations declare."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b

from django.db import DEFAULT_DB_ALIAS, connections

_NAMED_KEY = re.compile(r'CONSTRAINT "([^"]+)" (?:FOREIGN KEY|REFERENCES)')
_LONGEST = 63  # PostgreSQL cuts identifiers here


def guard_name(table: str, columns: Sequence[str], kind: str) -> str:
    """Name of a guard: readable, stable, unique, and never longer than PostgreSQL allows."""
    name = "_".join([table, *columns, kind])
    if len(name) <= _LONGEST:
        return name
    mark = blake2b(name.encode(), digest_size=4).hexdigest()
    return f"{name[: _LONGEST - len(mark) - len(kind) - 2]}_{mark}_{kind}"


def existing_guards(using: str = DEFAULT_DB_ALIAS) -> set[str]:
    """Names of all triggers in the database; on SQLite also of the named foreign keys."""
    connection = connections[using]
    statement = (
        "SELECT tgname, '' FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT CASE type WHEN 'trigger' THEN name END, sql FROM sqlite_master WHERE type IN ('trigger', 'table')"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall()
    keys = {key for _, sql in rows for key in _NAMED_KEY.findall(sql or "")}
    return {str(name) for name, _ in rows if name} | keys
