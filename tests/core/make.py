"""Small factories of core objects. They write rows directly: they make the setting of a test, not its subject."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from mainstay.core.access.models import Grant, Role, RoleRight, User
from mainstay.core.audit.models import Entry
from mainstay.core.organisation.models import Holding, Person, Post, Unit
from mainstay.core.publications.models import Publication
from mainstay.kit.pinyin import initials

PASSWORD = "Correct-Horse-7"
LONG_AGO = date(2020, 1, 1)
_numbers = itertools.count(1)

Reach = tuple[str, int | None]  # scope, limit in fen


def make_unit(name: str = "城东分公司", parent: Unit | None = None, **facts: Any) -> Unit:
    """Make a unit, below `parent` or as a root."""
    number = next(_numbers)
    facts = {"code": f"U{number:05d}", "name_en": f"Unit {number}", "path": "", **facts}
    unit = Unit.objects.create(name_zh=name, parent=parent, **facts)
    unit.path = f"{parent.path if parent else ''}{unit.pk}."
    unit.save(update_fields=["path"])
    return unit


def make_person(name: str = "测试员", **facts: Any) -> Person:
    """Make a person with an unused staff number."""
    number = next(_numbers)
    return Person.objects.create(**{"staff_no": f"P{number:05d}", "name": name, "initials": initials(name), **facts})


def make_post(unit: Unit, name: str = "岗位", **facts: Any) -> Post:
    """Make a post in a unit."""
    return Post.objects.create(**{"code": f"T{next(_numbers):05d}", "name_zh": name, "unit": unit, **facts})


def hold(person: Person, post: Post, from_on: date = LONG_AGO, until_on: date | None = None) -> Holding:
    """Put a person into a post."""
    return Holding.objects.create(person=person, post=post, from_on=from_on, until_on=until_on)


def make_role(rights: Mapping[str, Reach] | None = None, code: str = "", protected: bool = False) -> Role:
    """Make a role with rights given as {right: (scope, limit in fen)}."""
    number = next(_numbers)
    role = Role.objects.create(code=code or f"role_{number}", name_zh=f"角色{number}", protected=protected)
    RoleRight.objects.bulk_create(
        RoleRight(role=role, right=right, scope=scope, limit_fen=limit)
        for right, (scope, limit) in (rights or {}).items()
    )
    return role


def grant(role: Role, unit: Unit, user: User | None = None, post: Post | None = None, **facts: Any) -> Grant:
    """Give a role to a user or a post at a unit, since long ago."""
    return Grant.objects.create(role=role, unit=unit, user=user, post=post, **{"from_on": LONG_AGO, **facts})


def make_user(
    username: str = "",
    *,
    rights: Mapping[str, Reach] | None = None,
    unit: Unit | None = None,
    person: Person | None = None,
    password: str = "",
    **facts: Any,
) -> User:
    """Make a user of a person, with a role of these rights granted at `unit` (a new root when none is given).

    `password` "" leaves the user without one: tests use `client.force_login`.
    """
    username = username or f"user{next(_numbers)}"
    facts = {"kind": User.Kind.PERSON, **facts}
    if facts["kind"] == User.Kind.PERSON and person is None:
        person = make_person(username)
    user = User(username=username, person=person, **facts)
    user.set_password(password) if password else user.set_unusable_password()
    user.save()
    if rights:
        grant(make_role(rights), unit or make_unit(), user=user)
    return user


def make_entry(by: User, **facts: Any) -> Entry:
    """Make an audit row."""
    return Entry.objects.create(**{"at": timezone.now(), "action": "test.act", "outcome": "done", "by": by, **facts})


def make_publication(unit: Unit, **facts: Any) -> Publication:
    """Make a draft for a unit."""
    number = next(_numbers)
    return Publication.objects.create(
        **{
            "kind": "notice",
            "code": f"N{number}",
            "title_zh": f"通知{number}",
            "body": "# 标题\n\n正文",
            "unit": unit,
            **facts,
        }
    )
