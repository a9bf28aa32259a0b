"""What a user may do: roles of the posts held today, and grants given to the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mainstay.core.access.models import RoleRight, User
from mainstay.core.access.queries_rights import Given, given_to
from mainstay.core.door.held import NOTHING, Held, Right, Rights, everything, held
from mainstay.core.door.spec import catalogue
from mainstay.core.organisation.models import Unit
from mainstay.kit.dates import local_today

if TYPE_CHECKING:
    from collections.abc import Iterable


def held_by(user: User) -> Held:
    """Return what an active user's grants give today. Read once per user object, hence once per request."""
    found: Held | None = getattr(user, "_held", None)
    if found is None:
        found = _load(user)
        user._held = found  # type: ignore[attr-defined]
    return found


def rights_of(user: User) -> Rights:
    """Return every right of an active user by name."""
    return held_by(user).rights


def forget(user: User) -> None:
    """Drop what was read for this object, after a change of roles."""
    if hasattr(user, "_held"):
        del user._held


def remember(user: User, given: Iterable[Given]) -> None:
    """Keep what somebody read together with the user: rows as `queries_rights.given_by` reads them."""
    user._held = held(tuple(given))  # type: ignore[attr-defined]


def _load(user: User) -> Held:
    if not user.is_active:
        return NOTHING
    if user.kind == User.Kind.SYSTEM:
        return everything(catalogue())
    today = local_today()
    if user.person and user.person.left_on and user.person.left_on <= today:
        return NOTHING
    return held(given_to(user.pk, user.person_id, today))


def allowed(user: User, right: str) -> bool:
    """Tell whether the user has a right anywhere at all."""
    return user.is_authenticated and right in held_by(user).rights


def unit_ids(user: User, right: str) -> list[int] | None:
    """Return the ids of the units a right reaches, None for the whole company, [] for nowhere.

    Scope "own" counts as the unit here; owned rows are narrowed by the caller.
    """
    if not user.is_authenticated:
        return []
    found = held_by(user).units(right)
    return None if found is None else list(found)


def by_reach(user: User) -> list[tuple[list[int] | None, int | None, list[str]]]:
    """Return the user's rights grouped by (unit ids as `unit_ids` gives them, highest limit in fen): few groups."""
    return [(None if ids is None else list(ids), limit, list(names)) for ids, limit, names in held_by(user).groups()]


def reaching(user: User, right: str, *, unit_id: int | None, owner_id: int | None) -> list[Right]:
    """Return the user's holdings of a right that reach an act in a unit (None: the whole company)."""
    ways = rights_of(user).get(right, ())
    if not ways:
        return []
    path = ""
    if unit_id is not None and any(one.scope == RoleRight.Scope.SUBTREE for one in ways):
        path = Unit.objects.filter(pk=unit_id).values_list("path", flat=True).first() or ""
    return [one for one in ways if _reaches(one, user, unit_id, path, owner_id)]


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
