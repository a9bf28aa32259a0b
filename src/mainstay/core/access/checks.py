"""`mainstay check access`: the separation of duties as it really is in the data."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from mainstay.core.access import queries, rules
from mainstay.core.access.models import RoleRight, User
from mainstay.core.checks import Finding, check
from mainstay.core.door import catalogue


@check("access", title=_("The three administrators are separate, and rights are known"))
def access_is_separated() -> Iterator[Finding]:
    """Find users with roles that must stay apart, and role rights that are reserved or unknown."""
    held = queries.roles_by_user()
    users = User.objects.in_bulk(held)
    for user_id, roles in held.items():
        mixed = rules.mixed_roles(roles)
        if mixed:
            text = _("%(user)s holds roles that must stay apart: %(roles)s")
            yield Finding(text % {"user": users[user_id].username, "roles": ", ".join(mixed)}, f"access.user:{user_id}")
    known = catalogue()
    for right in RoleRight.objects.select_related("role"):
        if right.right not in known:
            text = _("Role %(role)s has the unknown right %(right)s")
        elif not right.role.protected and rules.reserved_for_administrators(right.right):
            text = _("Role %(role)s has the right %(right)s, which is kept to the administrators")
        else:
            continue
        yield Finding(text % {"role": right.role.code, "right": right.right}, f"access.role:{right.role_id}")
