"""Each app's migrations form one line, so that every site applies them in the same order."""

from __future__ import annotations

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from tests.contracts import tree


def test_migrations_are_linear() -> None:
    loader = MigrationLoader(None)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("mainstay.")}
    assert ours
    written = {app for app, _name in loader.disk_migrations}
    for label in sorted(ours & written):
        assert len(loader.graph.leaf_nodes(label)) == 1, f"{label} has several last migrations"
        assert len(loader.graph.root_nodes(label)) == 1, f"{label} has several first migrations"
        numbers = sorted(name[:4] for app, name in loader.disk_migrations if app == label)
        expected = [f"{number:04d}" for number in range(1, len(numbers) + 1)]
        assert numbers == expected, f"{label}: {numbers}"


def test_every_app_with_models_has_migrations() -> None:
    loader = MigrationLoader(None)
    bare = [
        config.label
        for config in apps.get_app_configs()
        if config.name.startswith("mainstay.")
        and list(config.get_models())
        and config.label not in loader.migrated_apps
    ]
    assert not bare


def test_every_app_is_installed() -> None:
    installed = {config.name for config in apps.get_app_configs()}
    folders = {".".join(folder.relative_to(tree.PACKAGE.parent).parts) for folder in tree.apps()}
    assert folders <= installed


def test_constraints_need_no_function_of_this_program() -> None:
    """SQLite by itself has no regular expressions: a file with such a check can be neither examined nor compacted."""
    asked = [
        constraint.name
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if "regex" in str(getattr(constraint, "condition", ""))
    ]
    assert not asked, f"write these without a regular expression: {asked}"
