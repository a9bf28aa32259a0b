"""The user behind a token with everything it may do: one journey to the database, since every API request makes it."""

from __future__ import annotations

from datetime import date

from django.db import connection

from mainstay.core.access.models import User
from mainstay.core.access.queries_rights import given_by
from mainstay.core.door import rights
from mainstay.kit.sqlkit.trips import first_trip

_COLUMNS = ("id", "username", "kind", "person_id", "language")
_USER = """SELECT u.id, u.username, u.kind, u.person_id, u.language, p.left_on IS NOT NULL AND p.left_on <= %s
  FROM access_apitoken t JOIN access_user u ON u.id = t.user_id LEFT JOIN organisation_person p ON p.id = u.person_id
 WHERE t.digest = %s AND t.revoked_at IS NULL AND (t.expires_on IS NULL OR t.expires_on >= %s) AND u.is_active"""
# The user's own grants, and those of the posts held today, apart: asked with OR, every grant of the company is read.
_GRANTS = """SELECT a.role_id, a.unit_id, a.from_on, a.until_on
      FROM access_apitoken t JOIN access_grant a ON a.user_id = t.user_id WHERE t.digest = %s
    UNION ALL
    SELECT a.role_id, a.unit_id, a.from_on, a.until_on
      FROM access_apitoken t JOIN access_user u ON u.id = t.user_id
      JOIN organisation_holding h ON h.person_id = u.person_id
       AND h.from_on <= %s AND (h.until_on IS NULL OR h.until_on >= %s)
      JOIN access_grant a ON a.post_id = h.post_id WHERE t.digest = %s"""


def user_with_rights(digest: str, today: date) -> User | None:
    """Return the active user of a token that is valid today, its rights already read; None when there is none."""
    wanted = [digest, today, today, digest, today, today]
    users, given = first_trip([(_USER, [today, digest, today]), (given_by(_GRANTS), wanted)])
    if not users:
        return None
    *columns, has_left = users[0]
    user: User = User.from_db(connection.alias, _COLUMNS, columns)
    user.is_active = True
    if user.kind != User.Kind.SYSTEM:
        rights.remember(user, [] if has_left else given)
    return user
