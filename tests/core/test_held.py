"""What is worked out of rights once is never out of date, and never somebody else's."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mainstay.core.access.models import Role, RoleRight, User
from mainstay.core.door import rights
from mainstay.core.door.held import Right
from mainstay.core.organisation.models import Unit
from mainstay.core.todos.models import Todo
from mainstay.core.todos.queries import waiting_count, waiting_for
from mainstay.kit.dates import local_today
from mainstay.kit.testing import count_queries
from tests.core.make import grant, make_unit, make_user

pytestmark = pytest.mark.django_db
VIEW = "core.access.view_users"
MENU = re.compile(r'<nav class="ms-menu".*?</nav>', re.DOTALL)


def user_with(*names: str) -> User:
    return make_user(rights=dict.fromkeys(names, ("all", None)))


def signed_in(user: User, language: str = "en") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


def menu_of(client: Client, address: str = "/") -> str:
    found = MENU.search(client.get(address).content.decode())
    assert found
    return found.group()


def run(sql: str, *parameters: Any) -> None:
    """Change the database behind the back of this process, as another process does."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def test_what_another_process_changes_counts_from_the_next_request() -> None:
    user, users = user_with(VIEW), reverse("access:user_list")
    client, role = signed_in(user), Role.objects.get(grants__user=user)
    for _twice in range(2):
        assert client.get(users).status_code == 200
        assert users in menu_of(client)
    run('UPDATE access_roleright SET "right" = %s WHERE role_id = %s', "core.access.view_roles", role.pk)
    assert client.get(users).status_code == 403
    assert users not in menu_of(client)
    assert reverse("access:role_list") in menu_of(client)
    run("UPDATE access_grant SET until_on = %s", local_today() - dt.timedelta(days=1))
    assert client.get(reverse("access:role_list")).status_code == 403
    assert reverse("access:role_list") not in menu_of(client)


def test_one_sees_nothing_of_the_menu_of_another() -> None:
    some, other, nobody = signed_in(user_with(VIEW)), signed_in(user_with("core.access.view_roles")), make_user()
    for _twice in range(2):
        assert reverse("access:user_list") in menu_of(some)
        assert reverse("access:user_list") not in menu_of(other)
        assert reverse("access:role_list") in menu_of(other)
        assert reverse("access:role_list") not in menu_of(signed_in(nobody))


def test_the_menu_speaks_each_language_and_opens_the_page_it_is_on() -> None:
    user, users = user_with(VIEW, "core.access.view_roles"), reverse("access:user_list")
    for language, word in (("en", "Users"), ("zh-hans", "用户"), ("en", "Users")):
        menu = menu_of(signed_in(user, language), users)
        assert f'<a href="{users}" aria-current="page">{word}</a>' in menu
        assert menu.count("aria-current") == 1
    assert users in menu_of(signed_in(user))
    assert f'href="{users}" aria-current' not in menu_of(signed_in(user))


def test_a_unit_made_below_is_reached_at_once() -> None:
    above = make_unit()
    user = make_user(rights={VIEW: ("subtree", None)}, unit=above)
    assert rights.unit_ids(User.objects.get(pk=user.pk), VIEW) == [above.pk]
    below = Unit.objects.create(code="BELOW", name_zh="下属站", parent=above, path="")
    Unit.objects.filter(pk=below.pk).update(path=f"{above.path}{below.pk}.")
    assert rights.unit_ids(User.objects.get(pk=user.pk), VIEW) == sorted([above.pk, below.pk])


def test_rights_are_those_of_the_rows_one_by_one() -> None:
    """Several roles at several units, each scope, with limits and without."""
    user, units = make_user(), [make_unit() for _n in range(3)]
    scopes = itertools.cycle(("own", "unit", "subtree", "all"))
    wanted: dict[str, set[Right]] = {}
    for number, unit in enumerate(units):
        role = Role.objects.create(code=f"role_{number}", name_zh="角色")
        grant(role, unit, user=user)
        for name in ("test.a", "test.b", f"test.c{number}"):
            limit = None if name == "test.a" else number * 100
            row = RoleRight.objects.create(role=role, right=name, scope=next(scopes), limit_fen=limit)
            wanted.setdefault(name, set()).add(Right(row.scope, unit.pk, unit.path, limit))
    found = rights.rights_of(User.objects.get(pk=user.pk))
    assert {name: set(held) for name, held in found.items()} == wanted


def test_asking_for_rights_is_one_question() -> None:
    user = User.objects.select_related("person").get(pk=make_user(rights={VIEW: ("subtree", None)}).pk)
    with count_queries(most=1):
        assert rights.allowed(user, VIEW)
        assert rights.unit_ids(user, VIEW)
        assert rights.by_reach(user)


def test_the_bell_counts_what_waits() -> None:
    """Of one's own, shared with a right here, elsewhere, above the limit, done, and what one asked for oneself."""
    here, there = make_unit(), make_unit()
    user = make_user(rights={"test.a": ("subtree", 500), "test.b": ("unit", None), "test.c": ("all", None)}, unit=here)
    other = make_user()
    facts = itertools.product(
        (None, user, other), ("", "test.a", "test.b", "test.c", "test.d"), (None, here.pk, there.pk),
        (None, 500, 501), (None, user), (None, timezone.now()),
    )  # fmt: skip
    Todo.objects.bulk_create(
        Todo(
            kind="test", subject=str(number), title_zh="待办", title_en="to do", user=whose, right=right, unit_id=unit,
            amount_fen=fen, not_for=not_for, done_at=done, created_at=timezone.now(),
        )
        for number, (whose, right, unit, fen, not_for, done) in enumerate(facts)
    )  # fmt: skip
    for person in (user, other, make_user()):
        fresh = User.objects.get(pk=person.pk)
        exact = waiting_for(fresh).count()
        assert waiting_count(fresh) == min(exact, 100)
    Todo.objects.exclude(right="test.a", user=None).exclude(user=other, amount_fen=501).update(done_at=timezone.now())
    for person, least in ((user, 1), (other, 1), (make_user(), 0)):
        fresh = User.objects.get(pk=person.pk)
        exact = waiting_for(fresh).count()
        assert least <= exact < 100
        assert waiting_count(fresh) == exact
