"""Roles and who has them. Separation of duties is looked at with every grant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.core.access import queries, rules
from mainstay.core.access.actions.users import refuse_last_administrator
from mainstay.core.access.models import Grant, Role, RoleRight, User
from mainstay.core.door import action, catalogue, note_change, refuse
from mainstay.core.door.spec import FourEyes
from mainstay.core.organisation.models import Post, Unit
from mainstay.kit.dates import local_today
from mainstay.kit.errors import Problem
from mainstay.kit.money import yuan

CODE = re.compile(r"[a-z][a-z0-9_]{2,39}")


@action("core.access.create_role", title=_("Create a role"))
def create_role(*, code: str, name_zh: str, name_en: str = "", by: User) -> Role:
    """Make an empty role."""
    if not CODE.fullmatch(code) or Role.objects.filter(code=code).exists():
        text = _("Use a new code of small letters, digits and underscores, beginning with a letter.")
        raise Problem(text, field="code", code="bad_code")
    role = Role.objects.create(code=code, name_zh=name_zh, name_en=name_en)
    note_change(after={"code": code})
    return role


@action("core.access.set_role_rights", title=_("Set the rights of a role"))
def set_role_rights(*, role: Role, rights: Sequence[dict[str, Any]], by: User) -> Role:
    """Give a role exactly these rights: [{"right": …, "scope": own|unit|subtree|all, "limit_fen": int or None}].

    The rights of the three administrators are the product's own: they cannot be changed, nor given to other roles.
    """
    if role.protected:
        refuse(_("The rights of the three administrators cannot be changed."))
    _check_rights(rights)
    before = _as_facts(role)
    role.rights.all().delete()
    RoleRight.objects.bulk_create(
        RoleRight(role=role, right=one["right"], scope=one["scope"], limit_fen=one.get("limit_fen")) for one in rights
    )
    note_change(before=before, after=_as_facts(role))
    return role


def _check_rights(rights: Sequence[dict[str, Any]]) -> None:
    known = catalogue()
    for one in rights:
        name = one["right"]
        if name not in known or one["scope"] not in RoleRight.Scope.values:
            raise Problem(_("There is no right “%(name)s”.") % {"name": name}, field="rights", code="unknown_right")
        if rules.reserved_for_administrators(name):
            text = _("“%(title)s” is kept to the three administrators and cannot be put into another role.")
            raise Problem(text % {"title": known[name].title}, field="rights", code="reserved_right")


def _as_facts(role: Role) -> dict[str, Any]:
    def facts(one: RoleRight) -> list[str | None]:
        return [one.scope, None if one.limit_fen is None else yuan(one.limit_fen)]

    return {one.right: facts(one) for one in role.rights.order_by("right")}


def _second_for_protected(role: Role | None = None, grant: Grant | None = None, **_facts: object) -> FourEyes:
    """An administrator is appointed and dismissed by two people."""
    wanted = role or (grant.role if grant else None)
    return "always" if wanted is not None and wanted.protected else "never"


@action(
    "core.access.grant_role",
    title=_("Grant a role"),
    subject=lambda role, **_facts: f"access.role:{role.pk}",
    four_eyes=_second_for_protected,
)
def grant_role(
    *,
    role: Role,
    unit: Unit,
    user: User | None = None,
    post: Post | None = None,
    from_on: date | None = None,
    until_on: date | None = None,
    by: User,
) -> Grant:
    """Give a role to a user or to a post (whoever holds it) at a unit, from a day on.

    Refused for oneself. Raises Problem when somebody would hold roles that must not meet.
    """
    if (user is None) == (post is None):
        raise Problem(_("Choose either a user or a post."), field="user", code="one_receiver")
    receivers = [user] if user else list(queries.users_of_post(post)) if post else []
    if any(one.pk == by.pk for one in receivers):
        refuse(_("Nobody grants a role to himself. Ask another security administrator."))
    first = from_on or local_today()
    if until_on and until_on < first:
        raise Problem(_("The last day lies before the first."), field="until_on", code="dates")
    new = rules.RoleFact(role.code, role.protected)
    held = queries.roles_by_user(receivers)
    for one in receivers:
        refuse_mixture(one, held.get(one.pk, set()) | {new})
    if post:
        _refuse_mixture_of_post(post, new)
    if Grant.objects.filter(role=role, unit=unit, user=user, post=post, from_on=first).exists():
        raise Problem(_("This grant already exists."), code="granted")
    grant = Grant.objects.create(role=role, unit=unit, user=user, post=post, from_on=first, until_on=until_on)
    note_change(after=_grant_facts(grant))
    return grant


@action(
    "core.access.end_grant",
    title=_("End a grant"),
    subject=lambda grant, **_facts: f"access.role:{grant.role_id}",
    four_eyes=_second_for_protected,
)
def end_grant(*, grant: Grant, reason: str, by: User) -> Grant:
    """End a grant at once; the last active holder of an administrator's role keeps it."""
    if grant.role.protected:
        for user in [grant.user] if grant.user else list(queries.users_of_post(grant.post)) if grant.post else []:
            refuse_last_administrator(user)
    before = _grant_facts(grant)
    yesterday = date.fromordinal(local_today().toordinal() - 1)
    if grant.from_on > yesterday:
        grant.delete()
        note_change(before=before, after={"removed": True}, reason=reason)
        return grant
    grant.until_on = yesterday
    grant.save(update_fields=["until_on"])
    note_change(before=before, after=_grant_facts(grant), reason=reason)
    return grant


def refuse_mixture(user: User, roles: set[rules.RoleFact]) -> None:
    """Raise Problem when these roles must not meet in one user."""
    mixed = rules.mixed_roles(roles)
    if mixed:
        text = _("%(user)s would hold roles that must stay apart: %(roles)s. End the other roles first.")
        raise Problem(text % {"user": user, "roles": queries.role_codes(mixed)}, code="mixed_roles")


def _refuse_mixture_of_post(post: Post, new: rules.RoleFact) -> None:
    mixed = rules.mixed_roles(queries.roles_of_post(post) | {new})
    if mixed:
        text = _("The post %(post)s would carry roles that must stay apart: %(roles)s.")
        raise Problem(text % {"post": post, "roles": queries.role_codes(mixed)}, code="mixed_roles")


def _grant_facts(grant: Grant) -> dict[str, Any]:
    return {
        "role": grant.role.code,
        "unit": grant.unit_id,
        "user": grant.user_id,
        "post": grant.post_id,
        "from_on": grant.from_on.isoformat(),
        "until_on": grant.until_on.isoformat() if grant.until_on else None,
    }
