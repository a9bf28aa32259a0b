"""Who must read what, and who has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from mainstay.core.access.models import User
from mainstay.core.door import rights
from mainstay.core.organisation.models import Holding, Unit
from mainstay.core.organisation.queries import unit_with_ancestors
from mainstay.core.publications.models import Acknowledgement, Publication
from mainstay.kit.dates import local_today

if TYPE_CHECKING:
    from datetime import date

EDIT = "core.publications.edit_publication"


@dataclass(frozen=True)
class UnitCount:
    """How many people of a unit have read a publication."""

    unit: Unit
    expected: int
    acknowledged: int


def units_of(user: User, on: date) -> list[int]:
    """Return the units a user works in."""
    if user.person_id is None:
        return []
    held = Holding.objects.current(on).filter(person=user.person_id)
    return list(held.values_list("post__unit", flat=True).distinct())


def visible_to(user: User) -> QuerySet[Publication]:
    """Return what a user may read: published for his units, and everything where he edits."""
    match = Q(unit__in=unit_with_ancestors(units_of(user, local_today()))) & ~Q(state=Publication.State.DRAFT)
    editable = rights.unit_ids(user, EDIT)
    match |= Q() if editable is None else Q(unit__in=editable)
    return Publication.objects.all() if editable is None else Publication.objects.filter(match)


def to_acknowledge(user: User) -> QuerySet[Publication]:
    """Return the published texts for a user's units that he has not acknowledged yet."""
    units = unit_with_ancestors(units_of(user, local_today()))
    read = Acknowledgement.objects.filter(publication=OuterRef("pk"), user=user.pk)
    published = Publication.objects.filter(unit__in=units, state=Publication.State.PUBLISHED)
    return published.filter(~Exists(read), acknowledge_by__isnull=False).order_by("acknowledge_by", "code")


def readers(publication: Publication) -> QuerySet[User]:
    """Return the users who must read a publication: active people with a post in its unit or below."""
    here = Holding.objects.current(local_today()).filter(
        person=OuterRef("person"), post__unit__path__startswith=publication.unit.path
    )
    return User.objects.filter(Exists(here), is_active=True, kind=User.Kind.PERSON).select_related("person")


def missing_readers(publication: Publication) -> QuerySet[User]:
    """Return who has not acknowledged yet."""
    read = Acknowledgement.objects.filter(publication=publication, user=OuterRef("pk"))
    return readers(publication).filter(~Exists(read)).order_by("username")


def counts_by_unit(publication: Publication) -> list[UnitCount]:
    """Return, per unit, how many must read and how many have: three queries."""
    today = local_today()
    held = Holding.objects.current(today).filter(post__unit__path__startswith=publication.unit.path)
    held = held.filter(person__user__is_active=True, person__user__kind=User.Kind.PERSON)
    expected = dict(held.values_list("post__unit").annotate(n=Count("person", distinct=True)))
    read = held.filter(Exists(Acknowledgement.objects.filter(publication=publication, user=OuterRef("person__user"))))
    done = dict(read.values_list("post__unit").annotate(n=Count("person", distinct=True)))
    units = Unit.objects.filter(pk__in=expected).order_by("path")
    return [UnitCount(unit, expected[unit.pk], done.get(unit.pk, 0)) for unit in units]
