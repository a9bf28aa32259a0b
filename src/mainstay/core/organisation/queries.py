"""Units below units, people in units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from mainstay.core.door import rights
from mainstay.core.organisation.models import Holding, Person, Unit

if TYPE_CHECKING:
    from mainstay.core.access.models import User


@dataclass
class Node:
    """A unit in the tree with its posts' people and what lies below."""

    unit: Unit
    people: int
    below: list[Node] = field(default_factory=list)


def unit_tree(user: User, right: str, on: date) -> list[Node]:
    """Return the units a user may see as trees, with the number of people in each: two queries."""
    ids = rights.unit_ids(user, right)
    units = Unit.objects.all() if ids is None else Unit.objects.filter(pk__in=ids)
    held = Holding.objects.current(on).values_list("post__unit").annotate(n=Count("person", distinct=True))
    people = dict(held)
    nodes = {unit.pk: Node(unit, people.get(unit.pk, 0)) for unit in units.order_by("path")}
    roots: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.unit.parent_id or 0)
        (above.below if above else roots).append(node)
    return sorted(roots, key=lambda node: (node.unit.order, node.unit.code))


def units_visible_to(user: User, right: str) -> QuerySet[Unit]:
    """Return the units a right of the user reaches."""
    ids = rights.unit_ids(user, right)
    return Unit.objects.all() if ids is None else Unit.objects.filter(pk__in=ids)


def people_visible_to(user: User, right: str, on: date) -> QuerySet[Person]:
    """Return the people in units a right reaches; with the right to everything also those without a post."""
    ids = rights.unit_ids(user, right)
    if ids is None:
        return Person.objects.all()
    here = Holding.objects.current(on).filter(person=OuterRef("pk"), post__unit__in=ids)
    return Person.objects.filter(Exists(here))


def current_posts(people: Iterable[int], on: date) -> dict[int, list[Holding]]:
    """Return the posts each person holds on a day, with unit: one query."""
    found: dict[int, list[Holding]] = defaultdict(list)
    rows = Holding.objects.current(on).filter(person__in=list(people)).select_related("post__unit")
    for holding in rows:
        found[holding.person_id].append(holding)
    return dict(found)


def unit_with_ancestors(unit_ids: Iterable[int]) -> set[int]:
    """Return the ids of units and of everything above them."""
    paths = Unit.objects.filter(pk__in=list(unit_ids)).values_list("path", flat=True)
    return {int(part) for path in paths for part in path.split(".") if part}


def employed(on: date) -> Q:
    """Match people who work for the company on a day."""
    return (Q(left_on=None) | Q(left_on__gt=on)) & (Q(joined_on=None) | Q(joined_on__lte=on))


def company_name(_user: object = None) -> str:
    """Return the name of the root unit for the header of every page, hence in plain words."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name_zh, name_en FROM organisation_unit WHERE parent_id IS NULL ORDER BY path LIMIT 1")
        row = cursor.fetchone()
    return Unit(name_zh=row[0], name_en=row[1]).name if row else ""
