"""Migration operations for what Django's schema cannot say. Import them in migrations from here.

SQLite rebuilds a table for some later migrations (AlterField, AddConstraint …) and loses its guards on the way:
repeat the table's guards after such an operation (they replace themselves). `missing_guards` finds forgotten ones.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from mainstay.kit.sqlkit import appendonly, setwise
from mainstay.kit.sqlkit.names import existing_guards, guard_name
from mainstay.kit.sqlkit.small import quoted

Statements = str | Sequence[str]


class _Guard(Operation, ABC):
    """An operation that runs statements and leaves Django's picture of the models alone."""

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Put the guard up."""
        _run(schema_editor, self.up(schema_editor.connection))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take the guard down."""
        _run(schema_editor, self.down(schema_editor.connection))

    @abstractmethod
    def up(self, connection: Any) -> Iterable[str]:
        """Statements that put the guard up, in order."""

    @abstractmethod
    def down(self, connection: Any) -> Iterable[str]:
        """Statements that take it down."""

    def names(self, vendor: str) -> set[str]:
        """Names of triggers and constraints that must exist while the guard is up."""
        return set()


class VendorSQL(_Guard):
    """SQL given for each database; "" where one of them needs nothing."""

    def __init__(
        self,
        *,
        postgresql: Statements,
        sqlite: Statements,
        reverse_postgresql: Statements = "",
        reverse_sqlite: Statements = "",
    ) -> None:
        self.postgresql, self.sqlite = postgresql, sqlite
        self.reverse_postgresql, self.reverse_sqlite = reverse_postgresql, reverse_sqlite

    def up(self, connection: Any) -> list[str]:
        """The forward statements of this database."""
        return _listed(self.postgresql if connection.vendor == "postgresql" else self.sqlite)

    def down(self, connection: Any) -> list[str]:
        """The reverse statements of this database."""
        return _listed(self.reverse_postgresql if connection.vendor == "postgresql" else self.reverse_sqlite)

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return "SQL for this database"


class AppendOnly(_Guard):
    """Refuse DELETE (and TRUNCATE), and UPDATE of any column except the named ones, with IntegrityError."""

    def __init__(self, table: str, except_columns: Sequence[str] = ()) -> None:
        self.table, self.except_columns = table, tuple(except_columns)

    def up(self, connection: Any) -> list[str]:
        """Triggers of this database."""
        if connection.vendor == "postgresql":
            return appendonly.append_only_postgresql(self.table, self.except_columns)
        return appendonly.append_only_sqlite(self.table, self.except_columns, _columns(connection, self.table))

    def down(self, connection: Any) -> list[str]:
        """Removal of the triggers."""
        if connection.vendor == "postgresql":
            return appendonly.drop_postgresql(self.table, "appendonly")
        return appendonly.drop_sqlite(self.table, ["nodelete", "noupdate"])

    def names(self, vendor: str) -> set[str]:
        """Names of the triggers."""
        kinds = ("appendonly", "notruncate") if vendor == "postgresql" else ("nodelete", "noupdate")
        return {guard_name(self.table, [], kind) for kind in kinds}

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return f"Make {self.table} append-only"


class NoDelete(_Guard):
    """Refuse DELETE (and TRUNCATE) and any change of the key: what a parent of SetwiseForeignKey needs at least."""

    def __init__(self, table: str, key_columns: Sequence[str] = ("id",)) -> None:
        self.table, self.key_columns = table, tuple(key_columns)

    def up(self, connection: Any) -> list[str]:
        """Triggers of this database."""
        if connection.vendor == "postgresql":
            return appendonly.no_delete_postgresql(self.table, self.key_columns)
        return appendonly.no_delete_sqlite(self.table, self.key_columns)

    def down(self, connection: Any) -> list[str]:
        """Removal of the triggers."""
        if connection.vendor == "postgresql":
            return appendonly.drop_postgresql(self.table, "nodelete")
        return appendonly.drop_sqlite(self.table, ["nodelete", "nokeychange"])

    def names(self, vendor: str) -> set[str]:
        """Names of the triggers."""
        kinds = ("nodelete", "notruncate") if vendor == "postgresql" else ("nodelete", "nokeychange")
        return {guard_name(self.table, [], kind) for kind in kinds}

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return f"Keep the rows of {self.table}"


class RefuseWhen(_Guard):
    """Refuse an INSERT, UPDATE or DELETE of a row for which `condition` holds, with IntegrityError.

    `condition` is SQL that both databases understand, about OLD and NEW; it may look into other tables. `name` tells
    several guards of a table apart.
    """

    def __init__(self, table: str, name: str, event: str, condition: str, message: str) -> None:
        if event not in ("INSERT", "UPDATE", "DELETE"):
            raise ValueError(f"{event} is no event of a row")
        self.table, self.name, self.event, self.condition, self.message = table, name, event, condition, message

    def up(self, connection: Any) -> list[str]:
        """The trigger of this database."""
        facts = (self.table, self.name, self.event, self.condition, self.message)
        if connection.vendor == "postgresql":
            return appendonly.refuse_when_postgresql(*facts)
        return appendonly.refuse_when_sqlite(*facts)

    def down(self, connection: Any) -> list[str]:
        """Its removal."""
        if connection.vendor == "postgresql":
            return appendonly.drop_postgresql(self.table, self.name)
        return appendonly.drop_sqlite(self.table, [self.name])

    def names(self, vendor: str) -> set[str]:
        """Name of the trigger."""
        return {guard_name(self.table, [], self.name)}

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return f"Refuse {self.event} on {self.table}: {self.message}"


class SetwiseForeignKey(_Guard):
    """Each row of `child` has its row in `parent`, checked by sets: see `mainstay.kit.sqlkit.setwise` for why and how.

    It holds only while parents cannot vanish: `parent` must carry AppendOnly or NoDelete, and `parent_columns` must be
    unique there. Declare the model's ForeignKey with `db_constraint=False`. Unlike Django's own keys the check is
    not put off to the commit: write parents first. `nullable` and `skip_zero` let
    rows pass that refer to nothing. `updates` also checks later changes of the columns; leave it off where the child
    is append-only (SQLite's foreign keys always do).
    """

    def __init__(
        self,
        child: str,
        columns: Sequence[str],
        parent: str,
        parent_columns: Sequence[str] = ("id",),
        *,
        nullable: bool = False,
        skip_zero: bool = False,
        updates: bool = False,
    ) -> None:
        if len(columns) != len(parent_columns) or (skip_zero and len(columns) > 1):
            raise ValueError("A reference needs as many columns as the key it names, and skip_zero means a single one.")
        self.reference = setwise.Reference(
            child, tuple(columns), parent, tuple(parent_columns), nullable, skip_zero, updates
        )

    def up(self, connection: Any) -> list[str]:
        """The trigger or the foreign key."""
        if connection.vendor == "postgresql":
            return setwise.create_postgresql(self.reference)
        return setwise.create_sqlite(self.reference, *_definition(connection, self.reference.child))

    def down(self, connection: Any) -> list[str]:
        """Its removal."""
        if connection.vendor == "postgresql":
            return setwise.drop_postgresql(self.reference)
        return setwise.drop_sqlite(self.reference, *_definition(connection, self.reference.child))

    def names(self, vendor: str) -> set[str]:
        """Name of the foreign key (SQLite) or names of the triggers."""
        updates = self.reference.updates and vendor == "postgresql"
        return {self.reference.name} | ({self.reference.update_name} if updates else set())

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return f"Reference {self.reference.child} ({', '.join(self.reference.columns)}) -> {self.reference.parent}"


class BlockRange(_Guard):
    """Index for a column that grows with the row number (dates, periods): BRIN on PostgreSQL, an index on SQLite."""

    def __init__(self, table: str, column: str) -> None:
        self.table, self.column = table, column

    def up(self, connection: Any) -> list[str]:
        """The index."""
        using = " USING brin" if connection.vendor == "postgresql" else ""
        name = quoted(guard_name(self.table, [self.column], "brin"))
        return [f"CREATE INDEX IF NOT EXISTS {name} ON {quoted(self.table)}{using} ({quoted(self.column)})"]

    def down(self, connection: Any) -> list[str]:
        """Its removal."""
        return [f"DROP INDEX IF EXISTS {quoted(guard_name(self.table, [self.column], 'brin'))}"]

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return f"Index {self.table} by ranges of {self.column}"


def missing_guards(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Triggers and constraints that the applied migrations declare and the database does not have: should be empty."""
    connection = connections[using]
    loader = MigrationLoader(connection)
    expected: set[str] = set()
    for key in loader.applied_migrations:
        migration = loader.disk_migrations.get(key)
        for operation in migration.operations if migration else ():
            if isinstance(operation, _Guard):
                expected |= operation.names(connection.vendor)
    return sorted(expected - existing_guards(using))


def _run(schema_editor: Any, statements: Iterable[str]) -> None:
    for statement in statements:
        schema_editor.execute(statement, params=None)


def _listed(statements: Statements) -> list[str]:
    given = [statements] if isinstance(statements, str) else list(statements)
    return [statement for statement in given if statement.strip()]


def _columns(connection: Any, table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [column.name for column in connection.introspection.get_table_description(cursor, table)]


def _definition(connection: Any, table: str) -> tuple[str, int]:
    """A table's CREATE statement, and the version of the schema."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = %s", [table])
        definition = str(cursor.fetchone()[0])
        cursor.execute("PRAGMA schema_version")
        return definition, int(cursor.fetchone()[0])
