"""SQL of the guards that keep rows: append-only tables and tables that never lose a row."""

from __future__ import annotations

from collections.abc import Sequence

from mainstay.kit.sqlkit.names import guard_name
from mainstay.kit.sqlkit.small import quoted

UPDATE_REFUSED = "rows of {table} are never changed: post a correcting row instead"
DELETE_REFUSED = "rows of {table} are never deleted: post a reversing row instead"
KEY_REFUSED = "the key of a row of {table} never changes: other rows rely on it"


def append_only_postgresql(table: str, except_columns: Sequence[str]) -> list[str]:
    """Triggers that refuse DELETE, TRUNCATE and any UPDATE beyond `except_columns`."""
    function = quoted(guard_name(table, [], "appendonly"))
    # The excepted columns are put back in a copy of the new row; what still differs was not excepted. Columns
    # that later migrations add are covered without touching the guard.
    put_back = " ".join(f"probe.{quoted(column)} := OLD.{quoted(column)};" for column in except_columns)
    body = f"""
        DECLARE probe {quoted(table)}%ROWTYPE;
        BEGIN
            IF TG_OP <> 'UPDATE' THEN
                {_raise_postgresql(DELETE_REFUSED.format(table=table))}
            END IF;
            probe := NEW; {put_back}
            IF probe *<> OLD THEN
                {_raise_postgresql(UPDATE_REFUSED.format(table=table))}
            END IF;
            RETURN NEW;
        END"""
    return _guard_postgresql(table, function, body, "UPDATE OR DELETE", guard_name(table, [], "appendonly"))


def append_only_sqlite(table: str, except_columns: Sequence[str], columns: Sequence[str]) -> list[str]:
    """Same guard for SQLite; `columns` are the columns the table has when the migration runs."""
    kept = [column for column in columns if column not in except_columns]
    return [
        *_refuse_delete_sqlite(table),
        *_trigger_sqlite(
            guard_name(table, [], "noupdate"),
            f"BEFORE UPDATE ON {quoted(table)}",
            _changed_sqlite(kept),
            UPDATE_REFUSED.format(table=table),
        ),
    ]


def no_delete_postgresql(table: str, key_columns: Sequence[str]) -> list[str]:
    """Triggers that refuse DELETE, TRUNCATE and any change of the key columns."""
    function = quoted(guard_name(table, [], "nodelete"))
    changed = " OR ".join(f"NEW.{quoted(c)} IS DISTINCT FROM OLD.{quoted(c)}" for c in key_columns)
    body = f"""
        BEGIN
            IF TG_OP <> 'UPDATE' THEN
                {_raise_postgresql(DELETE_REFUSED.format(table=table))}
            END IF;
            IF {changed} THEN
                {_raise_postgresql(KEY_REFUSED.format(table=table))}
            END IF;
            RETURN NEW;
        END"""
    events = f"UPDATE OF {', '.join(map(quoted, key_columns))} OR DELETE"
    return _guard_postgresql(table, function, body, events, guard_name(table, [], "nodelete"))


def no_delete_sqlite(table: str, key_columns: Sequence[str]) -> list[str]:
    """Same guard for SQLite."""
    return [
        *_refuse_delete_sqlite(table),
        *_trigger_sqlite(
            guard_name(table, [], "nokeychange"),
            f"BEFORE UPDATE OF {', '.join(map(quoted, key_columns))} ON {quoted(table)}",
            _changed_sqlite(key_columns),
            KEY_REFUSED.format(table=table),
        ),
    ]


def drop_postgresql(table: str, kind: str) -> list[str]:
    """Remove a guard: its function takes its triggers along."""
    return [f"DROP FUNCTION IF EXISTS {quoted(guard_name(table, [], kind))}() CASCADE"]


def drop_sqlite(table: str, kinds: Sequence[str]) -> list[str]:
    """Remove the triggers of a guard."""
    return [f"DROP TRIGGER IF EXISTS {quoted(guard_name(table, [], kind))}" for kind in kinds]


def refuse_when_postgresql(table: str, name: str, event: str, condition: str, message: str) -> list[str]:
    """Trigger that refuses an event on a row for which a condition about OLD and NEW holds."""
    trigger = guard_name(table, [], name)
    function = quoted(trigger)
    row = "OLD" if event == "DELETE" else "NEW"
    body = f"BEGIN IF {condition} THEN {_raise_postgresql(message)} END IF; RETURN {row}; END"
    return [
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $guard${body}$guard$",
        f"CREATE OR REPLACE TRIGGER {quoted(trigger)} BEFORE {event} ON {quoted(table)} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()",
    ]


def refuse_when_sqlite(table: str, name: str, event: str, condition: str, message: str) -> list[str]:
    """Same guard for SQLite."""
    return _trigger_sqlite(guard_name(table, [], name), f"BEFORE {event} ON {quoted(table)}", condition, message)


def literal(text: str) -> str:
    """A text as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def _raise_postgresql(message: str) -> str:
    # Class 23 reaches Django as IntegrityError, as SQLite's RAISE does.
    return f"RAISE EXCEPTION USING ERRCODE = 'restrict_violation', MESSAGE = {literal(message)};"


def _guard_postgresql(table: str, function: str, body: str, events: str, name: str) -> list[str]:
    return [
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $guard${body}$guard$",
        f"CREATE OR REPLACE TRIGGER {quoted(name)} BEFORE {events} ON {quoted(table)} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}()",
        f"CREATE OR REPLACE TRIGGER {quoted(guard_name(table, [], 'notruncate'))} BEFORE TRUNCATE ON {quoted(table)} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
    ]


def _refuse_delete_sqlite(table: str) -> list[str]:
    return _trigger_sqlite(
        guard_name(table, [], "nodelete"), f"BEFORE DELETE ON {quoted(table)}", "", DELETE_REFUSED.format(table=table)
    )


def _changed_sqlite(columns: Sequence[str]) -> str:
    return " OR ".join(f"NEW.{quoted(column)} IS NOT OLD.{quoted(column)}" for column in columns)


def _trigger_sqlite(name: str, event: str, when: str, message: str) -> list[str]:
    condition = f" WHEN {when}" if when else ""
    return [
        f"DROP TRIGGER IF EXISTS {quoted(name)}",
        f"CREATE TRIGGER {quoted(name)} {event}{condition} BEGIN SELECT RAISE(ABORT, {literal(message)}); END",
    ]
