"""Migrations of an empty database in a tenth of the time.

Django renders a table's model together with every model that is tied to it, however distantly: with two hundred models
that is nearly all of them again for each table, nine tenths of the time a new installation takes. Making a table only
looks at the model itself and at those it refers to, so here only these are rendered. Everything but making tables goes
Django's way.
"""

from __future__ import annotations

from typing import Any

from django.db.migrations import CreateModel, RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState, StateApps
from django.db.migrations.utils import resolve_relation

from mainstay.kit.sqlkit.operations import _Guard

Key = tuple[str, str]  # app label and model name, both in small letters


class Executor(MigrationExecutor):
    """Django's executor; migrations that only make tables, guards and rows render no more than they look at."""

    def _migrate_all_forwards(
        self, state: ProjectState, plan: Any, full_plan: Any, fake: bool, fake_initial: bool
    ) -> ProjectState:
        """Apply the plan; what Django renders beforehand is rendered here where the next migration needs it."""
        for migration, _backwards in plan:
            if _only_makes(migration):
                migration.operations = [_MakeTable.of(one) for one in migration.operations]
            elif "apps" not in state.__dict__:
                state.apps  # noqa: B018  # rendering all at once is cheaper than one after the other
            state = self.apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
        return state


class _MakeTable(CreateModel):
    """Django's CreateModel with its model rendered among those it refers to."""

    @classmethod
    def of(cls, operation: Any) -> Any:
        """Return this operation for a CreateModel, any other as it is."""
        if type(operation) is not CreateModel:
            return operation
        return cls(operation.name, operation.fields, operation.options, operation.bases, operation.managers)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Note the model without rendering its neighbours; whoever asks for rendered models later gets all anew."""
        state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: ProjectState) -> None:
        """Make the table."""
        wanted = _with_referred(to_state, (app_label, self.name_lower))
        model = StateApps([], {key: to_state.models[key] for key in wanted}).get_model(app_label, self.name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.create_model(model)


def _only_makes(migration: Migration) -> bool:
    """Tell whether a migration has nothing but tables, guards, statements and code in it."""
    return all(type(one) in (CreateModel, RunPython, RunSQL) or isinstance(one, _Guard) for one in migration.operations)


def _with_referred(state: ProjectState, key: Key) -> set[Key]:
    """Return a model and all it refers to, by fields and by bases, directly or not."""
    found, waiting = set(), {key}
    while waiting:
        one = waiting.pop()
        found.add(one)
        waiting |= _referred(state, one) - found
    return found


def _referred(state: ProjectState, key: Key) -> set[Key]:
    model = state.models[key]
    named: list[Any] = [base for base in model.bases if isinstance(base, str)]
    for field in model.fields.values():
        remote = field.remote_field
        named += [one for one in (remote and remote.model, getattr(remote, "through", None)) if one]
    return {resolve_relation(one, *key) for one in named}
