"""Referential integrity by sets.

A foreign key of the database looks at every inserted row by itself; on PostgreSQL it also locks the parent row
each time. In a billing run that was measured as 72 % of the cost of writing. Where the parents are never deleted
and their keys never change (guards AppendOnly and NoDelete), one anti-join per statement gives the same guarantee at
commit: each child has its parent.

PostgreSQL: a statement trigger with a transition table, so any INSERT or COPY is checked once as a whole.

SQLite has no statement triggers and no such cost: its own foreign keys take a third of a microsecond per row and
beat any trigger. So there the guard is a foreign key of the table, written into the table's definition afterwards
the way SQLite's documentation of ALTER TABLE describes, and checked at once like PostgreSQL's trigger. (A trigger
would also stand in the way of later migrations: SQLite will not rebuild a table that a trigger of another names.)
Where 0 stands for nothing, the key sits on a generated column that turns 0 into NULL.
"""

from __future__ import annotations

from dataclasses import dataclass

from mainstay.kit.sqlkit.appendonly import literal
from mainstay.kit.sqlkit.names import guard_name
from mainstay.kit.sqlkit.small import quoted
from mainstay.kit.sqlkit.trust import CHECKED_BY_WRITER


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
            IF current_setting('{CHECKED_BY_WRITER}', true) = 'on' THEN
                RETURN NULL;
            END IF;
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


def constraint_sqlite(reference: Reference) -> str:
    """The foreign key as a piece of the table's definition; for `skip_zero` a generated column that carries it."""
    columns = ", ".join(map(quoted, reference.columns))
    keys = ", ".join(map(quoted, reference.parent_columns))
    target = f"REFERENCES {quoted(reference.parent)} ({keys})"
    if reference.skip_zero:
        column = quoted(f"{reference.columns[0]}_or_null")
        return (
            f"{column} bigint GENERATED ALWAYS AS (nullif({columns}, 0)) VIRTUAL "
            f"CONSTRAINT {quoted(reference.name)} {target}"
        )
    return f"CONSTRAINT {quoted(reference.name)} FOREIGN KEY ({columns}) {target}"


def create_sqlite(reference: Reference, definition: str, schema_version: int) -> list[str]:
    """Add the foreign key to a table defined so far by `definition`."""
    constraint = constraint_sqlite(reference)
    if constraint in definition:
        return []
    if reference.skip_zero:
        return [f"ALTER TABLE {quoted(reference.child)} ADD COLUMN {constraint}"]
    opened, _bracket, rest = definition.rpartition(")")
    return redefine_sqlite(reference.child, f"{opened}, {constraint}){rest}", schema_version)


def drop_sqlite(reference: Reference, definition: str, schema_version: int) -> list[str]:
    """Take the foreign key out again."""
    without = definition.replace(f", {constraint_sqlite(reference)}", "")
    return redefine_sqlite(reference.child, without, schema_version)


def redefine_sqlite(table: str, definition: str, schema_version: int) -> list[str]:
    """Give a table another definition with the same columns: for constraints, which leave the stored rows alone.

    Not for columns that are stored.
    """
    return [
        "PRAGMA writable_schema = ON",
        f"UPDATE sqlite_master SET sql = {literal(definition)} "  # noqa: S608
        f"WHERE type = 'table' AND name = {literal(table)}",
        f"PRAGMA schema_version = {schema_version + 1}",
        "PRAGMA writable_schema = RESET",
    ]
