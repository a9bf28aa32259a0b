"""Keys of integrations: random, shown once, stored as a hash."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.db.models import Q

from mainstay.core.access.models import ApiToken
from mainstay.kit.dates import local_today

if TYPE_CHECKING:
    from mainstay.core.access.models import User

PREFIX = "mst_"
SCHEME = "bearer "


def new_token() -> str:
    """Return a new key: 256 random bits, with a prefix by which leak scanners know it."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(token: str) -> str:
    """Return what is stored of a key. A plain hash is enough: the key is random, not a word to be guessed."""
    return hashlib.sha256(token.encode()).hexdigest()


def user_of(header: str | None) -> User | None:
    """Return the user of an `Authorization: Bearer …` header: one query; None for anything not valid today."""
    if not header or header[: len(SCHEME)].lower() != SCHEME:
        return None
    token = header[len(SCHEME) :].strip()
    if not token.startswith(PREFIX):
        return None
    found = (
        ApiToken.objects.select_related("user")
        .filter(Q(expires_on=None) | Q(expires_on__gte=local_today()), digest=digest_of(token), revoked_at=None)
        .filter(user__is_active=True)
        .first()
    )
    return found.user if found else None
