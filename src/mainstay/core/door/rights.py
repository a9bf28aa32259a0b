"""What a user may do: roles of the posts held today, and grants given to the user."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from mainstay.core.access.models import RoleRight, User
from mainstay.core.access.queries_rights import granted
from mainstay.core.door.spec import catalogue
from mainstay.core.organisation.models import Unit
from mainstay.kit.dates import local_today

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Right:
    """One way in which a user has a right: how far it reaches from which unit, and up to which amount (fen)."""

    scope: str
    unit_id: int
    unit_path: str
    limit_fen: int | None


Rights = dict[str, list[Right]]
Reach = tuple[bool, frozenset[int], frozenset[str]]  # everything, these units, what lies below these paths


def rights_of(user: User) -> Rights:
    """Return every right of an active user by name. Read once per user object, hence once per request."""
    cached: Rights | None = getattr(user, "_rights", None)
    if cached is None:
        cached = _load(user)
        user._rights = cached  # type: ignore[attr-defined]
    return cached


def forget(user: User) -> None:
    """Drop what `rights_of` remembered on this object, after a change of roles."""
    for name in ("_rights", "_reach"):
        if hasattr(user, name):
            delattr(user, name)


def remember(user: User, rows: Iterable[tuple[Any, ...]]) -> None:
    """Keep rights that somebody read together with the user: rows of (right, scope, unit id, unit path, limit)."""
    user._rights = _by_name(rows)  # type: ignore[attr-defined]


def _by_name(rows: Iterable[tuple[Any, ...]]) -> Rights:
    rights: Rights = defaultdict(list)
    for name, *facts in rows:
        rights[name].append(Right(*facts))
    return dict(rights)


def _load(user: User) -> Rights:
    if not user.is_active:
        return {}
    if user.kind == User.Kind.SYSTEM:
        return {name: [Right(RoleRight.Scope.ALL, 0, "", None)] for name in catalogue()}
    today = local_today()
    if user.person and user.person.left_on and user.person.left_on <= today:
        return {}
    return _by_name(granted(user.pk, user.person_id, today))


def allowed(user: User, right: str) -> bool:
    """Tell whether the user has a right anywhere at all."""
    return user.is_authenticated and right in rights_of(user)


def unit_ids(user: User, right: str) -> list[int] | None:
    """Return the ids of the units a right reaches, None for the whole company, [] for nowhere.

    Scope "own" counts as the unit here; owned rows are narrowed by the caller.
    """
    held = rights_of(user).get(right, []) if user.is_authenticated else []
    return _ids(user, _reach(held))


def by_reach(user: User, wanted: Iterable[str] | None = None) -> list[tuple[list[int] | None, int | None, list[str]]]:
    """Return the user's rights grouped by (unit ids as `unit_ids` gives them, highest limit in fen): few groups."""
    groups: dict[tuple[Reach, int | None], list[str]] = defaultdict(list)
    held = rights_of(user)
    for name in held if wanted is None else (one for one in wanted if one in held):
        limits = [one.limit_fen for one in held[name]]
        highest = None if None in limits else max(limit for limit in limits if limit is not None)
        groups[_reach(held[name]), highest].append(name)
    return [(_ids(user, reach), limit, names) for (reach, limit), names in groups.items()]


def _reach(held: list[Right]) -> Reach:
    if any(one.scope == RoleRight.Scope.ALL for one in held):
        return True, frozenset(), frozenset()
    paths = frozenset(one.unit_path for one in held if one.scope == RoleRight.Scope.SUBTREE)
    return False, frozenset(one.unit_id for one in held), paths


def _ids(user: User, reach: Reach) -> list[int] | None:
    """Return the units of a reach; each reach is read once per user object."""
    everything, units, paths = reach
    if everything:
        return None
    if not paths:
        return sorted(units)
    known: dict[Reach, list[int]] = user.__dict__.setdefault("_reach", {})
    if reach not in known:
        known[reach] = sorted(units | set(_subtree_ids(paths)))
    return list(known[reach])


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
