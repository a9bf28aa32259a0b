"""The numbers of a workbench in one question: each is what its own query counts, for whoever asks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils import timezone

from mainstay.core.access.models import User
from mainstay.core.door import catalogue, rights
from mainstay.core.home import cards
from mainstay.core.home.counting import Count, figures, in_all
from mainstay.core.todos.models import Todo
from mainstay.kit.dates import local_today
from mainstay.kit.testing import count_queries
from tests.core.make import grant, make_person, make_role, make_unit, make_user
from tests.gas.payments.make import make_clerk, make_shift, make_till

pytestmark = pytest.mark.django_db
SCOPES = ("all", "subtree")


def own(user: Any) -> Any:
    return Todo.objects.filter(user=user.pk, done_at=None).order_by("id")


def of_person(user: Any) -> Any:
    return User.objects.filter(person=user.person_id)


def make_todo(user: User, **facts: Any) -> Todo:
    return Todo.objects.create(kind="test", user=user, created_at=timezone.now(), **facts)


def all_counts() -> list[Count]:
    return [card.number for card in cards._cards.values() if isinstance(card.number, Count)]


@pytest.mark.parametrize("scope", SCOPES)
def test_every_card_that_counts_tells_what_its_own_query_counts(scope: str) -> None:
    unit = make_unit()
    role = make_role(dict.fromkeys(catalogue(), (scope, None)))
    people = [make_user(person=make_person()), make_clerk(), make_user()]
    for user in people:
        grant(role, unit, user=user)
        make_todo(user)
    User.objects.filter(pk=people[2].pk).update(person=None)
    make_shift(people[1], make_till(unit))
    counts = all_counts()
    assert len(counts) > 30
    for user in people:
        fresh = User.objects.get(pk=user.pk)
        rights.rights_of(fresh)
        numbers = [Count(one.rows, lambda _user, *found: found) for one in counts]
        with count_queries(most=1):
            found = figures(fresh, numbers)
        assert found == [tuple(rows.count() for rows in one.all_rows(fresh)) for one in counts]


def test_making_the_question_asks_nothing() -> None:
    user = make_user(rights=dict.fromkeys(catalogue(), ("subtree", None)))
    rights.rights_of(user)
    with count_queries(most=0):
        for one in all_counts():
            one.all_rows(user)


def test_who_has_the_same_rights_is_not_taken_for_the_other() -> None:
    role, unit = make_role({"test.view": ("all", None)}), make_unit()
    people = [make_user(), make_user(), make_user()]
    for number, user in enumerate(people):
        grant(role, unit, user=user)
        for subject in range(number):
            make_todo(user, subject=str(subject))
    counts = [Count(own), Count(of_person), Count(lambda user: (own(user), own(user)), in_all)]
    for number, user in enumerate(people):
        assert figures(User.objects.get(pk=user.pk), counts) == [number, 1, 2 * number]


def test_a_limited_query_counts_to_its_limit() -> None:
    user = make_user()
    for subject in range(4):
        make_todo(user, subject=str(subject))
    assert figures(user, [Count(lambda one: own(one)[:3]), Count(lambda _one: Todo.objects.none())]) == [3, 0]


def test_another_day_is_another_question() -> None:
    user, count = make_user(), Count(lambda one: own(one).filter(due_at__date=local_today()))
    make_todo(user, due_at=timezone.now() + dt.timedelta(days=1))
    assert count(user) == 0
    with time_machine.travel(timezone.now() + dt.timedelta(days=1), tick=False):
        assert count(user) == 1


def test_a_key_hidden_in_a_text_is_refused() -> None:
    hidden = Count(lambda user: Todo.objects.annotate(x=Concat("kind", Value(f":{user.pk}"))).filter(x="test:1"))
    with pytest.raises(ValueError, match="as it is"):
        hidden(make_user())
