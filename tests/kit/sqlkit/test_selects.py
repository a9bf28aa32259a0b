"""Our compiler writes what Django's writes, letter by letter, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.backends.postgresql import compiler as on_postgresql
from django.db.models import Count, F, Model, Value
from django.db.models.functions import Lower
from django.db.models.sql import compiler as on_sqlite

from mainstay.core.access.models import Grant, User
from mainstay.core.organisation.models import Person, Unit
from mainstay.kit.sqlkit.selects import Selects

pytestmark = pytest.mark.django_db

DJANGOS = {"sqlite": on_sqlite, "postgresql": on_postgresql}
PEOPLE = User.objects.select_related("person")
STATEMENTS: dict[str, Callable[[], Any]] = {
    "by a name": lambda: PEOPLE.order_by("username", "-pk"),
    "by a name twice": lambda: PEOPLE.order_by("username", "-username"),
    "by a name of a relation": lambda: PEOPLE.order_by("-person__name"),
    "by the order of a relation": lambda: Grant.objects.order_by("unit", "-role"),
    "turned round": lambda: PEOPLE.order_by("username", "-pk").reverse(),
    "by chance": lambda: PEOPLE.order_by("?"),
    "by an expression": lambda: PEOPLE.order_by(Lower("username").desc(nulls_last=True), "pk"),
    "by a selected column": lambda: PEOPLE.order_by(F("username").desc()),
    "by an annotation": lambda: Unit.objects.annotate(many=Count("children")).order_by("-many", "code"),
    "by an alias": lambda: Unit.objects.alias(many=Count("children")).order_by("-many", "code"),
    "by a constant": lambda: Unit.objects.annotate(one=Value(1)).order_by("one", "code"),
    "values by one of them": lambda: User.objects.values("username", "pk").order_by("-username"),
    "values by another": lambda: User.objects.values("username").order_by("pk"),
    "a value under another name": lambda: User.objects.values(name=F("username")).order_by("name", "pk"),
    "different": lambda: User.objects.values("username").order_by("person__name").distinct(),
    "groups": lambda: User.objects.values("language").annotate(many=Count("pk")).order_by("language"),
    "two together": lambda: (
        User.objects.order_by().values("username").union(Person.objects.order_by().values("name")).order_by("username")
    ),
    "by SQL": lambda: User.objects.extra(select={"size": "length(username)"}, order_by=["size", "username"]),
    "one inside": lambda: User.objects.filter(person__in=Person.objects.order_by("name")[:3]).order_by("username"),
    "some columns": lambda: PEOPLE.only("username", "person__name").order_by("username"),
}


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], Any]:
    """What writes a statement as the product does, and as Django does."""

    def write(rows: Any) -> tuple[Any, Any]:
        assert issubclass(connection.ops.compiler("SQLCompiler"), Selects)
        ours = rows.query.chain().get_compiler(connection=connection).as_sql()
        with monkeypatch.context() as patch:
            patch.setattr(connection.ops, "_cache", DJANGOS[connection.vendor])
            assert not issubclass(connection.ops.compiler("SQLCompiler"), Selects)
            return ours, rows.query.chain().get_compiler(connection=connection).as_sql()

    return write


@pytest.mark.parametrize("name", STATEMENTS)
def test_statements_of_all_kinds_are_the_same(name: str, both: Any) -> None:
    ours, djangos = both(STATEMENTS[name]())
    assert ours == djangos
    assert "ORDER BY" in ours[0]


def test_rows_of_every_model_with_their_relations_are_the_same(both: Any) -> None:
    models: list[type[Model]] = [one for one in apps.get_models() if one._meta.app_config.name.startswith("mainstay")]
    assert len(models) > 100
    for model in models:
        rows = model._default_manager.order_by("-pk", *model._meta.ordering)
        ours, djangos = both(rows.select_related())
        assert ours == djangos, model
