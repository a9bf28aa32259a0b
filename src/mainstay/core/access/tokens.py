"""Keys of integrations: random, shown once, stored as a hash."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from mainstay.core.access.queries_tokens import user_with_rights
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
    """Return the user of an `Authorization: Bearer …` header; None for anything not valid today."""
    if not header or header[: len(SCHEME)].lower() != SCHEME:
        return None
    token = header[len(SCHEME) :].strip()
    if not token.startswith(PREFIX):
        return None
    return user_with_rights(digest_of(token), local_today())
