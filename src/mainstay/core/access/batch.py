"""The roles and users the product itself needs, set up again with every start or release; harmless to repeat."""

from __future__ import annotations

from django.db import transaction

from mainstay.core.access import rules
from mainstay.core.access.models import Role, RoleRight, User
from mainstay.core.door import catalogue

SYSTEM = "system"
NAMES = {
    rules.SYSTEM_ADMIN: ("系统管理员", "System administrator"),
    rules.SECURITY_ADMIN: ("安全管理员", "Security administrator"),
    rules.AUDIT_ADMIN: ("审计管理员", "Audit administrator"),
}


def system_user() -> User:
    """Return the user in whose name scheduled work is done: every right, no password, never logged in."""
    user, _made = User.objects.get_or_create(
        username=SYSTEM, defaults={"kind": User.Kind.SYSTEM, "password": "!", "is_active": True}
    )
    return user


def install_standard_roles() -> dict[str, Role]:
    """Make the three protected roles and give each exactly the rights of this release; returns them by code."""
    with transaction.atomic():
        return {code: _install(code) for code in rules.ADMINISTRATORS}


def _install(code: str) -> Role:
    name_zh, name_en = NAMES[code]
    role, _made = Role.objects.update_or_create(
        code=code, defaults={"name_zh": name_zh, "name_en": name_en, "protected": True}
    )
    wanted = set(rules.rights_of_administrator(code, catalogue()))
    held = set(role.rights.values_list("right", flat=True))
    role.rights.exclude(right__in=wanted).delete()
    RoleRight.objects.bulk_create(
        RoleRight(role=role, right=right, scope=RoleRight.Scope.ALL) for right in sorted(wanted - held)
    )
    return role
