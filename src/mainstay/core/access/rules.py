"""What makes a password good, and which roles may meet in one person (三员分立)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

KINDS_NEEDED = 3
PASSWORD_DAYS = 90
PASSWORDS_REMEMBERED = 5

SYSTEM_ADMIN = "system_admin"
SECURITY_ADMIN = "security_admin"
AUDIT_ADMIN = "audit_admin"
ADMINISTRATORS = (SYSTEM_ADMIN, SECURITY_ADMIN, AUDIT_ADMIN)


@dataclass(frozen=True)
class RoleFact:
    """What the separation of duties needs to know of a role."""

    code: str
    protected: bool


def kinds_of_characters(password: str) -> int:
    """Return how many of the four kinds a password has: small letters, capitals, digits, everything else."""
    return sum(
        (
            any(one.islower() for one in password),
            any(one.isupper() for one in password),
            any(one.isdigit() for one in password),
            any(not (one.islower() or one.isupper() or one.isdigit()) for one in password),
        )
    )


def password_expired(changed_at: datetime | None, now: datetime) -> bool:
    """Tell whether a password is older than the regime allows; one that was never set by its owner has no age."""
    return changed_at is not None and now - changed_at > timedelta(days=PASSWORD_DAYS)


def mixed_roles(roles: Iterable[RoleFact]) -> list[str]:
    """Return the codes of roles that must not meet in one user, sorted; empty when all is well.

    The three administrators watch each other: nobody holds two of them, and none of them does business.
    """
    held = set(roles)
    protected = {role for role in held if role.protected}
    if not protected or len(held) == 1:
        return []
    return sorted(role.code for role in held)


# What each administrator does, as names or beginnings of names of rights ("…*"). No other role may hold these, except
# rights to look, which are shared.
ADMINISTRATOR_RIGHTS: dict[str, tuple[str, ...]] = {
    SYSTEM_ADMIN: (
        "core.organisation.*",
        "core.jobs.*",
        "core.access.view_users",
        "core.access.create_user",
        "core.access.create_service_user",
        "core.access.change_user",
        "core.access.lock_user",
        "core.access.unlock_user",
        "core.access.reset_password",
    ),
    SECURITY_ADMIN: (
        "core.access.view_users",
        "core.access.view_roles",
        "core.access.view_tokens",
        "core.access.create_role",
        "core.access.set_role_rights",
        "core.access.grant_role",
        "core.access.end_grant",
        "core.access.reset_second_factor",
        "core.access.issue_token",
        "core.access.revoke_token",
        "core.organisation.view_*",
    ),
    AUDIT_ADMIN: (
        "core.audit.*",
        "core.access.view_users",
        "core.access.view_roles",
        "core.access.view_tokens",
        "core.organisation.view_*",
        "core.jobs.view_*",
    ),
}


class _Names:
    """Names and beginnings of names, asked for each right of a role or of a page."""

    def __init__(self, patterns: Iterable[str]) -> None:
        given = tuple(patterns)
        self.whole = frozenset(one for one in given if not one.endswith("*"))
        self.beginnings = tuple(one[:-1] for one in given if one.endswith("*"))

    def __contains__(self, right: str) -> bool:
        return right in self.whole or right.startswith(self.beginnings)


_OF = {code: _Names(patterns) for code, patterns in ADMINISTRATOR_RIGHTS.items()}
_RESERVED = _Names(one for patterns in ADMINISTRATOR_RIGHTS.values() for one in patterns)


def rights_of_administrator(code: str, known: Iterable[str]) -> list[str]:
    """Return which of the known rights a standard administrator has, sorted."""
    return sorted(right for right in known if right in _OF[code])


def reserved_for_administrators(right: str) -> bool:
    """Tell whether a right is kept to the three administrators; rights to look ("view_…") never are."""
    if right.rpartition(".")[2].startswith("view_") and not right.startswith("core.audit."):
        return False
    return right in _RESERVED
