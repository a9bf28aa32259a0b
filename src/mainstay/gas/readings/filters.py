"""Filters of books and of the worklist."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.core.organisation.models import Unit
from mainstay.gas.readings import queries
from mainstay.gas.readings.models import Book, Reading
from mainstay.gas.readings.rules_words import DOUBTS
from mainstay.kit.dates import local_today, parse_period, period_of
from mainstay.kit.errors import Problem


class PeriodField(forms.CharField):
    """A month such as 2026-11, as a number."""

    widget = forms.TextInput(attrs={"placeholder": "2026-11", "inputmode": "numeric", "size": 8})

    def clean(self, value: Any) -> Any:
        """The number, or None when nothing is given."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_period(text)
        except Problem as problem:
            raise forms.ValidationError(str(problem)) from None


def period_in(text: str | None) -> int:
    """The period of an address, by default the present one; nonsense counts as nothing given."""
    try:
        return parse_period(text) if text else period_of(local_today())
    except Problem:
        return period_of(local_today())


class PeriodFilter(filters.Filter):
    """A month, written 2026-11 or 202611."""

    field_class = PeriodField


def _units(request: Any) -> QuerySet[Unit]:
    return queries.units_with_books(request.user, queries.VIEW).order_by("path")


class BookFilter(filters.FilterSet):
    """By code or name, branch, reader, cycle; the period only says which numbers are shown."""

    q = filters.CharFilter(method="search", label=_("Search"))
    period = PeriodFilter(method="keep", label=_("Period"))
    unit = filters.ModelChoiceFilter(queryset=_units, method="by_unit", label=_("Unit and below"))
    cycle = filters.ChoiceFilter(choices=Book.Cycle.choices, label=_("Cycle"))
    mine = filters.BooleanFilter(method="by_reader", label=_("My books"))

    class Meta:
        model = Book
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Book], _name: str, value: str) -> QuerySet[Book]:
        """The beginning of the code or a piece of the name."""
        return rows.filter(Q(code__istartswith=value) | Q(name__icontains=value))

    def keep(self, rows: QuerySet[Book], _name: str, _value: int) -> QuerySet[Book]:
        """All books, whatever the period."""
        return rows

    def by_reader(self, rows: QuerySet[Book], _name: str, value: bool) -> QuerySet[Book]:
        """Books of the person who looks, or of others."""
        mine = Q(reader=self.request.user.pk)
        return rows.filter(mine if value else ~mine)

    def by_unit(self, rows: QuerySet[Book], _name: str, value: Unit) -> QuerySet[Book]:
        """Books of a unit and below."""
        return rows.filter(unit__path__startswith=value.path)


class WorklistFilter(filters.FilterSet):
    """By book, period and doubt."""

    q = filters.CharFilter(method="search", label=_("Search"))
    book = filters.CharFilter(field_name="book__code", lookup_expr="istartswith", label=_("Book"))
    period = PeriodFilter(field_name="period", label=_("Period"))
    doubt = filters.ChoiceFilter(
        choices=[(str(int(flag)), short) for flag, (short, _text) in DOUBTS.items()],
        method="by_doubt",
        label=_("Doubt"),
    )

    class Meta:
        model = Reading
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Reading], _name: str, value: str) -> QuerySet[Reading]:
        """By account number."""
        return rows.filter(account__account_no__startswith=value.strip())

    def by_doubt(self, rows: QuerySet[Reading], _name: str, value: str) -> QuerySet[Reading]:
        """Readings with one doubt among theirs."""
        from django.db.models import F

        return rows.annotate(bit=F("doubts").bitand(int(value))).filter(bit__gt=0)
