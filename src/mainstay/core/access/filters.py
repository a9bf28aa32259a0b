"""Filters of the lists of access."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.core.access.models import Role, User


class UserFilter(filters.FilterSet):
    """By name, kind, state and role."""

    q = filters.CharFilter(method="search", label=_("Search"))
    kind = filters.ChoiceFilter(choices=User.Kind.choices, label=_("Kind"))
    is_active = filters.BooleanFilter(label=_("May log in"))
    role = filters.ModelChoiceFilter(queryset=Role.objects.all(), method="by_role", label=_("Role"))

    class Meta:
        model = User
        fields = ("kind", "is_active")

    def search(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        """Find by log-in name, name, initials or staff number."""
        match = Q(username__icontains=value) | Q(person__name__icontains=value)
        return rows.filter(match | Q(person__initials__istartswith=value) | Q(person__staff_no=value))

    def by_role(self, rows: QuerySet[User], _name: str, value: Any) -> QuerySet[User]:
        """Keep users who have a role directly or through a post."""
        direct = Q(grants__role=value)
        return rows.filter(direct | Q(person__holdings__post__grants__role=value)).distinct()
