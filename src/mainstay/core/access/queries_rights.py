"""What a user's grants give today, read as plain rows: every page needs all of it, and model objects cost ten times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import connection

Row = tuple[str, str, int, str, int | None]
_GRANTS = """SELECT g.role_id, g.unit_id, o.path FROM access_grant g JOIN organisation_unit o ON o.id = g.unit_id
 WHERE (g.user_id = %s OR g.post_id IN (
         SELECT h.post_id FROM organisation_holding h
          WHERE h.person_id = %s AND h.from_on <= %s AND (h.until_on IS NULL OR h.until_on >= %s)))
   AND g.from_on <= %s AND (g.until_on IS NULL OR g.until_on >= %s)"""
_RIGHTS = 'SELECT r.role_id, r."right", r.scope, r.limit_fen FROM access_roleright r WHERE r.role_id IN ({marks})'


def granted(user_id: int, person_id: int | None, today: date) -> Iterator[Row]:
    """Yield (right, scope, unit id, unit path, limit in fen) of the user's own grants and of the posts held today."""
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS, [user_id, person_id, today, today, today, today])
        grants = cursor.fetchall()
        roles = sorted({role_id for role_id, _unit_id, _path in grants})
        if not roles:
            return
        cursor.execute(_RIGHTS.format(marks=", ".join(["%s"] * len(roles))), roles)
        rights = cursor.fetchall()
    for role_id, unit_id, path in grants:
        yield from ((name, scope, unit_id, path, limit) for of, name, scope, limit in rights if of == role_id)
