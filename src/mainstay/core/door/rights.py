"""What a user may do: roles of the posts held today, and grants given to the user."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from mainstay.core.access.models import Grant, RoleRight
from mainstay.core.organisation.models import Holding, Unit
from mainstay.kit.dates import local_today

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mainstay.core.access.models import User


@dataclass(frozen=True)
class Right:
    """One way in which a user has a right: how far it reaches from which unit, and up to which amount (fen)."""

    scope: str
    unit_id: int
    unit_path: str
    limit_fen: int | None


Rights = dict[str, list[Right]]


def rights_of(user: User) -> Rights:
    """Return every right of an active user by name. Read once per user object, hence once per request."""
    cached: Rights | None = getattr(user, "_rights", None)
    if cached is None:
        cached = _load(user)
        user._rights = cached  # type: ignore[attr-defined]
    return cached


def forget(user: User) -> None:
    """Drop what `rights_of` remembered on this object, after a change of roles."""
    if hasattr(user, "_rights"):
        del user._rights


def _load(user: User) -> Rights:
    rights: Rights = defaultdict(list)
    if not user.is_active:
        return {}
    today = local_today()
    posts = Holding.objects.current(today).filter(person__user=user.pk, person__left_on=None).values("post")
    grants = Grant.objects.filter(
        Q(user=user.pk) | Q(post__in=posts), Q(until_on=None) | Q(until_on__gte=today), from_on__lte=today
    ).select_related("unit")
    by_role: dict[int, list[Grant]] = defaultdict(list)
    for grant in grants:
        by_role[grant.role_id].append(grant)
    for right in RoleRight.objects.filter(role__in=by_role):
        for grant in by_role[right.role_id]:
            rights[right.right].append(Right(right.scope, grant.unit_id, grant.unit.path, right.limit_fen))
    return dict(rights)


def allowed(user: User, right: str) -> bool:
    """Tell whether the user has a right anywhere at all."""
    return user.is_authenticated and right in rights_of(user)


def unit_ids(user: User, right: str) -> list[int] | None:
    """Return the ids of the units a right reaches, None for the whole company, [] for nowhere.

    Scope "own" counts as the unit here; owned rows are narrowed by the caller.
    """
    held = rights_of(user).get(right, []) if user.is_authenticated else []
    if any(one.scope == RoleRight.Scope.ALL for one in held):
        return None
    ids = {one.unit_id for one in held}
    below = [one.unit_path for one in held if one.scope == RoleRight.Scope.SUBTREE]
    if below:
        ids |= set(_subtree_ids(below))
    return sorted(ids)


def _subtree_ids(paths: Iterable[str]) -> Iterable[int]:
    match = Q()
    for path in paths:
        match |= Q(path__startswith=path)
    return Unit.objects.filter(match).values_list("id", flat=True)


def reaching(user: User, right: str, *, unit_id: int | None, owner_id: int | None) -> list[Right]:
    """Return the user's holdings of a right that reach an act in a unit (None: the whole company)."""
    held = rights_of(user).get(right, [])
    if not held:
        return []
    path = ""
    if unit_id is not None and any(one.scope == RoleRight.Scope.SUBTREE for one in held):
        path = Unit.objects.filter(pk=unit_id).values_list("path", flat=True).first() or ""
    return [one for one in held if _reaches(one, user, unit_id, path, owner_id)]


def _reaches(one: Right, user: User, unit_id: int | None, path: str, owner_id: int | None) -> bool:
    if one.scope == RoleRight.Scope.ALL:
        return True
    if one.scope == RoleRight.Scope.OWN:
        return owner_id is not None and owner_id == user.pk
    if unit_id is None:
        return False
    if one.scope == RoleRight.Scope.SUBTREE:
        return path.startswith(one.unit_path)
    return unit_id == one.unit_id
