"""Who searches in the benchmark: somebody for the whole company, and somebody for its last branch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mainstay.core.access.models import User
    from mainstay.core.organisation.models import Unit

RIGHTS = ("gas.customers.view_account",)


def person_of() -> Iterator[tuple[str, User, int | None]]:
    """Yield ("all", user, None) and ("branch", user, the branch's key); the last branch lies furthest in the index."""
    from mainstay.core.organisation.models import Unit

    branch = Unit.objects.filter(kind="branch").order_by("-code")[0]
    yield "all", _user("bench_all", branch, "all"), None
    yield "branch", _user("bench_branch", branch, "unit"), branch.pk


def _user(name: str, unit: Unit, scope: str) -> User:
    """A person with the rights to look up accounts, in this throw-away database only."""
    from django.utils import timezone

    from mainstay.core.access.models import Grant, Role, RoleRight, User
    from mainstay.core.organisation.models import Person

    person = Person.objects.create(staff_no=name, name=name)
    user = User(username=name, person=person, must_change_password=False, password_changed_at=timezone.now())
    user.set_unusable_password()
    user.save()
    role = Role.objects.create(code=name, name_zh=name)
    RoleRight.objects.bulk_create(RoleRight(role=role, right=right, scope=scope) for right in RIGHTS)
    Grant.objects.create(role=role, user=user, unit=unit, from_on=date(2020, 1, 1))
    return user
