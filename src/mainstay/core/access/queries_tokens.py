"""The user behind a token with everything it may do: one journey to the database, since every API request makes it."""

from __future__ import annotations

from datetime import date

from django.db import connection

from mainstay.core.access.models import User
from mainstay.core.door import rights
from mainstay.kit.sqlkit.trips import first_trip

_COLUMNS = ("id", "username", "kind", "person_id", "language")
_USER = """SELECT u.id, u.username, u.kind, u.person_id, u.language
  FROM access_apitoken t JOIN access_user u ON u.id = t.user_id
 WHERE t.digest = %s AND t.revoked_at IS NULL AND (t.expires_on IS NULL OR t.expires_on >= %s) AND u.is_active"""
_RIGHTS = """SELECT r."right", r.scope, g.unit_id, o.path, r.limit_fen
  FROM access_apitoken t JOIN access_user u ON u.id = t.user_id
  LEFT JOIN organisation_person p ON p.id = u.person_id
  JOIN access_grant g ON g.user_id = u.id OR g.post_id IN (
       SELECT h.post_id FROM organisation_holding h WHERE h.person_id = u.person_id
          AND h.from_on <= %s AND (h.until_on IS NULL OR h.until_on >= %s))
  JOIN access_roleright r ON r.role_id = g.role_id
  JOIN organisation_unit o ON o.id = g.unit_id
 WHERE t.digest = %s AND g.from_on <= %s AND (g.until_on IS NULL OR g.until_on >= %s)
   AND (p.left_on IS NULL OR p.left_on > %s)"""


def user_with_rights(digest: str, today: date) -> User | None:
    """Return the active user of a token that is valid today, its rights already read; None when there is none."""
    users, held = first_trip([(_USER, [digest, today]), (_RIGHTS, [today, today, digest, today, today, today])])
    if not users:
        return None
    user: User = User.from_db(connection.alias, _COLUMNS, users[0])
    user.is_active = True
    if user.kind != User.Kind.SYSTEM:
        rights.remember(user, held)
    return user
