"""Filters of the list of people."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Holding, Person, Unit
from mainstay.core.organisation.queries import employed
from mainstay.kit.dates import local_today


class PersonFilter(filters.FilterSet):
    """By name, unit, and whether they still work here."""

    q = filters.CharFilter(method="search", label=_("Search"))
    unit = filters.ModelChoiceFilter(queryset=Unit.objects.all(), method="by_unit", label=_("Unit and below"))
    here = filters.BooleanFilter(method="by_employment", label=_("Works here today"))

    class Meta:
        model = Person
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Person], _name: str, value: str) -> QuerySet[Person]:
        """Find by name, initials or staff number."""
        match = Q(name__icontains=value) | Q(staff_no__istartswith=value)
        return rows.filter(match | Q(initials__istartswith=value.lower()) | Q(initials__istartswith=value.upper()))

    def by_unit(self, rows: QuerySet[Person], _name: str, value: Any) -> QuerySet[Person]:
        """Keep people who hold a post in the unit or below today."""
        held = Holding.objects.current(local_today()).filter(post__unit__path__startswith=value.path)
        return rows.filter(pk__in=held.values("person"))

    def by_employment(self, rows: QuerySet[Person], _name: str, value: bool) -> QuerySet[Person]:
        """Keep those who work here today, or those who do not."""
        here = employed(local_today())
        return rows.filter(here) if value else rows.exclude(here)
