"""The roles and users the product itself needs, set up again with every start or release; harmless to repeat."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mainstay.core.access import rules
from mainstay.core.access.models import Grant, Role, RoleRight, User
from mainstay.core.door import catalogue
from mainstay.core.organisation.models import Person, Unit
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem

if TYPE_CHECKING:
    from mainstay.core.access.actions import Issued

SYSTEM = "system"
NAMES = {
    rules.SYSTEM_ADMIN: ("系统管理员", "System administrator"),
    rules.SECURITY_ADMIN: ("安全管理员", "Security administrator"),
    rules.AUDIT_ADMIN: ("审计管理员", "Audit administrator"),
}


def system_user() -> User:
    """Return the user in whose name scheduled work is done: every right, no password, never logged in."""
    user, _new = User.objects.get_or_create(
        username=SYSTEM, defaults={"kind": User.Kind.SYSTEM, "password": "!", "is_active": True}
    )
    return user


def install_standard_roles() -> dict[str, Role]:
    """Make the three protected roles and give each exactly the rights of this release; returns them by code."""
    with transaction.atomic():
        return {code: _install(code) for code in rules.ADMINISTRATORS}


def _install(code: str) -> Role:
    name_zh, name_en = NAMES[code]
    role, _new = Role.objects.update_or_create(
        code=code, defaults={"name_zh": name_zh, "name_en": name_en, "protected": True}
    )
    wanted = set(rules.rights_of_administrator(code, catalogue()))
    held = set(role.rights.values_list("right", flat=True))
    role.rights.exclude(right__in=wanted).delete()
    RoleRight.objects.bulk_create(
        RoleRight(role=role, right=right, scope=RoleRight.Scope.ALL) for right in sorted(wanted - held)
    )
    return role


def create_first_administrators(company: str) -> list[Issued]:
    """Make the company and three users, one for each administrator, and start the scheduled work.

    Only while nobody is an administrator yet: afterwards they are appointed through the door, by two people.
    Raises Problem on a site in use.
    """
    from mainstay.core.access.actions import create_user
    from mainstay.core.audit.batch import install_schedule as seal_regularly
    from mainstay.core.todos.batch import install_schedule as escalate_regularly

    with transaction.atomic():
        roles = install_standard_roles()
        if Grant.objects.filter(role__protected=True).exists():
            raise Problem(_("This site has administrators already. They appoint others."), code="in_use")
        seal_regularly()
        escalate_regularly()
        root = Unit.objects.filter(parent=None).first() or _company(company)
        return [_first(code, roles[code], root, create_user) for code in rules.ADMINISTRATORS]


def _company(name: str) -> Unit:
    root = Unit.objects.create(code="ROOT", name_zh=name, kind="company", path="")
    root.path = f"{root.pk}."
    root.save(update_fields=["path"])
    return root


def _first(code: str, role: Role, root: Unit, create_user: Callable[..., Issued]) -> Issued:
    person = Person.objects.create(staff_no=code, name=NAMES[code][0], joined_on=local_today())
    issued = create_user(username=code.replace("_", "."), person=person, by=system_user())
    Grant.objects.create(role=role, unit=root, user=issued.user, from_on=local_today())
    return issued
