"""People in the search box."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse

from mainstay.core.home.search import PER_GROUP, Hit
from mainstay.core.organisation import queries
from mainstay.core.organisation.actions import VIEW_PEOPLE
from mainstay.kit.dates import local_today


def find_people(user: Any, text: str) -> list[Hit]:
    """Find people within reach by name, initials or staff number."""
    people = queries.people_visible_to(user, VIEW_PEOPLE, local_today())
    match = Q(name__startswith=text) | Q(initials__istartswith=text) | Q(staff_no=text)
    return [
        Hit(person.name, reverse("organisation:person_detail", args=[person.pk]), person.staff_no)
        for person in people.filter(match).order_by("staff_no")[:PER_GROUP]
    ]
