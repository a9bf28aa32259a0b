"""Rows that freeze with their parent: once its state has left the open ones, nobody adds, changes or removes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mainstay.kit.sqlkit.appendonly import literal
from mainstay.kit.sqlkit.names import guard_name
from mainstay.kit.sqlkit.operations import _Guard
from mainstay.kit.sqlkit.small import quoted

REFUSED = "rows of {table} are frozen with their {parent}: make a new version instead"


class FrozenWithParent(_Guard):
    """Refuse INSERT, DELETE and changes of `columns` of `child` (None: of any) unless its parent's state is open.

    `column` refers to the parent's `id`. `free_insert` names a boolean column: rows that carry it may still be added.
    Updates of other columns than the named ones stay free.
    """

    def __init__(
        self,
        child: str,
        column: str,
        parent: str,
        *,
        open_states: Sequence[str] = ("draft",),
        columns: Sequence[str] | None = None,
        free_insert: str = "",
    ) -> None:
        self.child, self.column, self.parent = child, column, parent
        self.open_states, self.columns, self.free_insert = tuple(open_states), columns, free_insert

    def up(self, connection: Any) -> list[str]:
        """Triggers of this database."""
        return self._postgresql() if connection.vendor == "postgresql" else self._sqlite()

    def down(self, connection: Any) -> list[str]:
        """Their removal."""
        if connection.vendor == "postgresql":
            return [f"DROP FUNCTION IF EXISTS {quoted(self._name('frozen'))}() CASCADE"]
        return [
            f"DROP TRIGGER IF EXISTS {quoted(self._name(kind))}" for kind in ("frozenins", "frozenupd", "frozendel")
        ]

    def names(self, vendor: str) -> set[str]:
        """Names of the triggers."""
        kinds = ("frozen",) if vendor == "postgresql" else ("frozenins", "frozenupd", "frozendel")
        return {self._name(kind) for kind in kinds}

    def describe(self) -> str:
        """One line for `migrate --plan`."""
        return f"Freeze {self.child} with {self.parent}"

    def _name(self, kind: str) -> str:
        return guard_name(self.child, [], kind)

    def _closed(self, row: str) -> str:
        states = ", ".join(map(literal, self.open_states))
        return (  # names out of migrations only
            f"EXISTS (SELECT 1 FROM {quoted(self.parent)} WHERE id = {row}.{quoted(self.column)} "  # noqa: S608
            f"AND state NOT IN ({states}))"
        )

    def _changed(self) -> str:
        if self.columns is None:
            return ""
        return " OR ".join(f"NEW.{quoted(one)} IS DISTINCT FROM OLD.{quoted(one)}" for one in self.columns)

    def _postgresql(self) -> list[str]:
        message = literal(REFUSED.format(table=self.child, parent=self.parent))
        refuse = f"RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE = {message};"
        free = f" AND NOT NEW.{quoted(self.free_insert)}" if self.free_insert else ""
        changed = f" AND ({self._changed()})" if self.columns is not None else ""
        function = quoted(self._name("frozen"))
        body = f"""
            BEGIN
                IF TG_OP = 'INSERT' THEN
                    IF {self._closed("NEW")}{free} THEN {refuse} END IF;
                    RETURN NEW;
                ELSIF TG_OP = 'UPDATE' THEN
                    IF {self._closed("OLD")}{changed} THEN {refuse} END IF;
                    RETURN NEW;
                END IF;
                IF {self._closed("OLD")} THEN {refuse} END IF;
                RETURN OLD;
            END"""
        return [
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $guard${body}$guard$",
            f"CREATE OR REPLACE TRIGGER {function} BEFORE INSERT OR UPDATE OR DELETE ON {quoted(self.child)} "
            f"FOR EACH ROW EXECUTE FUNCTION {function}()",
        ]

    def _sqlite(self) -> list[str]:
        free = f" AND NOT NEW.{quoted(self.free_insert)}" if self.free_insert else ""
        changed = f" AND ({self._changed().replace('IS DISTINCT FROM', 'IS NOT')})" if self.columns is not None else ""
        return [
            *self._trigger("frozenins", "INSERT", self._closed("NEW") + free),
            *self._trigger("frozenupd", "UPDATE", self._closed("OLD") + changed),
            *self._trigger("frozendel", "DELETE", self._closed("OLD")),
        ]

    def _trigger(self, kind: str, event: str, when: str) -> list[str]:
        name, message = quoted(self._name(kind)), literal(REFUSED.format(table=self.child, parent=self.parent))
        return [
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {event} ON {quoted(self.child)} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, {message}); END",
        ]
