"""Referential integrity by sets.

A foreign key of the database looks at every inserted row by itself; on PostgreSQL it also locks the parent row
each time. In a billing run that was measured as 72 % of the cost of writing. Where the parents are never deleted
and their keys never change (guards AppendOnly and NoDelete), one anti-join per statement gives the same guarantee at
commit: each child has its parent.

PostgreSQL: a statement trigger with a transition table, so any INSERT or COPY is checked once as a whole.
SQLite has no statement triggers. There a row trigger does the check, and a run may put it off for its own
transaction (`setwise_suspended`) and have its new rows checked by one anti-join before commit. The register
`kit_setwise` holds for each key the row id above which the trigger lets rows pass: normally the greatest number
there is, so none passes. It changes inside the transaction of the run only, and SQLite has one writer, so nobody
else ever sees it changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction
from django.db.transaction import TransactionManagementError

from mainstay.kit.sqlkit.appendonly import literal
from mainstay.kit.sqlkit.names import guard_name
from mainstay.kit.sqlkit.small import quoted

REGISTER = "kit_setwise"
ALL_CHECKED = 9_223_372_036_854_775_807
CREATE_REGISTER = (
    f"CREATE TABLE IF NOT EXISTS {REGISTER} (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, child TEXT NOT NULL, "
    "orphan_sql TEXT NOT NULL, message TEXT NOT NULL, passes_above INTEGER NOT NULL)"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """`child`.`columns` names a row of `parent` by `parent_columns` (unique there)."""

    child: str
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...]
    nullable: bool = False
    skip_zero: bool = False
    updates: bool = False

    @property
    def name(self) -> str:
        """Name of the guard."""
        return guard_name(self.child, self.columns, "setfk")

    @property
    def update_name(self) -> str:
        """Name of the guard against changed references."""
        return guard_name(self.child, self.columns, "setfku")

    @property
    def message(self) -> str:
        """What an orphan is refused with."""
        return f"{self.child} ({', '.join(self.columns)}) names a row that {self.parent} does not have"

    def refers(self, row: str) -> str:
        """SQL condition: the row refers to anything at all ("" when it always does)."""
        parts = [f"{row}.{quoted(column)} IS NOT NULL" for column in self.columns if self.nullable]
        parts += [f"{row}.{quoted(column)} <> 0" for column in self.columns if self.skip_zero]
        return " AND ".join(parts)

    def orphaned(self, row: str) -> str:
        """SQL condition: the row refers to something that is not there."""
        matches = " AND ".join(
            f"p.{quoted(key)} = {row}.{quoted(column)}"
            for column, key in zip(self.columns, self.parent_columns, strict=True)
        )
        # OFFSET 0 keeps PostgreSQL from turning the check into a join whose plan, once cached for a large
        # statement, would read the whole parent table for every later single row.
        missing = f"NOT EXISTS (SELECT 1 FROM {quoted(self.parent)} p WHERE {matches} LIMIT 1 OFFSET 0)"  # noqa: S608
        return f"{refers} AND {missing}" if (refers := self.refers(row)) else missing


def create_postgresql(reference: Reference) -> list[str]:
    """Statement trigger for new rows; for changed references (rare) a row trigger that fires only on a change."""
    function = quoted(reference.name)
    statements = [
        _function_postgresql(reference, reference.name, "new_rows", reference.orphaned("n")),
        f"CREATE OR REPLACE TRIGGER {function} AFTER INSERT ON {quoted(reference.child)} "
        f"REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
    ]
    if reference.updates:
        changed = " OR ".join(f"NEW.{quoted(c)} IS DISTINCT FROM OLD.{quoted(c)}" for c in reference.columns)
        columns = ", ".join(map(quoted, reference.columns))
        statements += [
            _function_postgresql(reference, reference.update_name, "(SELECT NEW.*)", reference.orphaned("n")),
            f"CREATE OR REPLACE TRIGGER {quoted(reference.update_name)} AFTER UPDATE OF {columns} "
            f"ON {quoted(reference.child)} FOR EACH ROW WHEN ({changed}) "
            f"EXECUTE FUNCTION {quoted(reference.update_name)}()",
        ]
    return statements


def _function_postgresql(reference: Reference, name: str, source: str, orphaned: str) -> str:
    shown = " || ', ' || ".join(f"coalesce(n.{quoted(column)}::text, 'NULL')" for column in reference.columns)
    # The planner is held to index look-ups: the cost per row is then the same in an empty and in a full database.
    return f"""
        CREATE OR REPLACE FUNCTION {quoted(name)}() RETURNS trigger LANGUAGE plpgsql
        SET enable_seqscan = off SET enable_bitmapscan = off AS $guard$
        DECLARE orphan text;
        BEGIN
            SELECT {shown} INTO orphan FROM {source} n WHERE {orphaned} LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation',
                    MESSAGE = {literal(reference.message)} || ': ' || orphan;
            END IF;
            RETURN NULL;
        END $guard$"""  # noqa: S608


def drop_postgresql(reference: Reference) -> list[str]:
    """Remove the guard: its functions take its triggers along."""
    names = [reference.name, reference.update_name]
    return [f"DROP FUNCTION IF EXISTS {quoted(name)}() CASCADE" for name in names]


def create_sqlite(reference: Reference, number: int) -> list[str]:
    """Row trigger under `number` in the register; one more for changed references where asked for."""
    table, refused = quoted(reference.child), f"SELECT RAISE(ABORT, {literal(reference.message)})"
    statements = [
        *drop_triggers_sqlite(reference),
        f"CREATE TRIGGER {quoted(reference.name)} AFTER INSERT ON {table} "
        f"WHEN NEW.rowid <= (SELECT passes_above FROM {REGISTER} WHERE id = {number}) "
        f"BEGIN {refused} WHERE {reference.orphaned('NEW')}; END",  # noqa: S608
    ]
    if reference.updates:
        statements.append(
            f"CREATE TRIGGER {quoted(reference.update_name)} AFTER UPDATE OF "
            f"{', '.join(map(quoted, reference.columns))} ON {table} "
            f"BEGIN {refused} WHERE {reference.orphaned('NEW')}; END"
        )
    return statements


def drop_triggers_sqlite(reference: Reference) -> list[str]:
    """Remove the row triggers (the register's row is removed by the operation)."""
    return [f"DROP TRIGGER IF EXISTS {quoted(name)}" for name in (reference.name, reference.update_name)]


def orphan_sql(reference: Reference) -> str:
    """SQLite's set-wise check of the rows above a row id (the one parameter): the first orphan."""
    columns = ", ".join(f"c.{quoted(column)}" for column in reference.columns)
    table = quoted(reference.child)
    return f"SELECT {columns} FROM {table} c WHERE c.rowid > %s AND {reference.orphaned('c')} LIMIT 1"  # noqa: S608


@contextmanager
def setwise_suspended(*children: str, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Inside: rows appended to the tables `children` are not checked one by one; on leaving, all of them at once.

    Only inside a transaction. On PostgreSQL the checks stay as they are, set-wise anyway; on SQLite the parents may
    even be written after the children. Rows put in at or below the highest row id of before are still
    checked as they come, so no row escapes. An orphan raises IntegrityError and undoes everything written inside;
    so does any other error that leaves the block.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise TransactionManagementError("Checks can be put off only until the end of a transaction: use atomic().")
    with transaction.atomic(using=using), connection.cursor() as cursor:
        marks = _suspend(cursor, children) if connection.vendor == "sqlite" else []
        yield
        _check_and_resume(cursor, marks)


def _suspend(cursor: Any, children: Sequence[str]) -> list[tuple[int, int]]:
    marks: list[tuple[int, int]] = []
    for child in dict.fromkeys(children):
        cursor.execute(f"SELECT coalesce(max(rowid), 0) FROM {quoted(child)}")  # noqa: S608
        highest = int(cursor.fetchone()[0])
        # Inside an outer suspension the outer mark stays: the outer block will check our rows with its own.
        cursor.execute(
            f"UPDATE {REGISTER} SET passes_above = %s WHERE child = %s AND passes_above = %s RETURNING id",  # noqa: S608
            [highest, child, ALL_CHECKED],
        )
        marks += [(int(row[0]), highest) for row in cursor.fetchall()]
    return marks


def _check_and_resume(cursor: Any, marks: Sequence[tuple[int, int]]) -> None:
    for number, highest in marks:
        cursor.execute(f"SELECT orphan_sql, message FROM {REGISTER} WHERE id = %s", [number])  # noqa: S608
        statement, message = cursor.fetchone()
        cursor.execute(statement, [highest])
        if orphan := cursor.fetchone():
            raise IntegrityError(f"{message}: {', '.join(map(str, orphan))}")
        cursor.execute(f"UPDATE {REGISTER} SET passes_above = %s WHERE id = %s", [ALL_CHECKED, number])  # noqa: S608
